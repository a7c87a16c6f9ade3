"""An ID token -> its claims, verified (OpenID Connect Core 1.0 sections 3.1.3.7 and 12.2).

`jwt_verifier` verifies it as the authorizer's tokens are verified. Only what a client asks of its
own sign-in is added here; the nonce and the subject are compared by the callers.
"""

from dataclasses import replace
from typing import Any, Final

from jwt_verifier.algorithms import SUPPORTED
from jwt_verifier.errors import KeysUnavailable, TokenOversized, TokenRejected
from jwt_verifier.freshness import Clocks
from jwt_verifier.issuer_items import trusted_issuer
from jwt_verifier.jwks_cache import CacheTimes
from jwt_verifier.jwt_verifier import JwtVerifier
from session.discovery import Discovery
from session.errors import IssuerInvalid, TokensTooLarge, Unavailable
from session.settings import Settings

LEEWAY_SECONDS: Final = 60.0
TIMES: Final = CacheTimes(fresh_seconds=3_600.0, max_age_seconds=86_400.0, cooldown_seconds=10.0)


class IdTokens:
    """Verifies the ID tokens of one issuer for one client.

    Args:
        settings: Who they are.
        discovery: Where the keys are.
        clocks: Both of them.
        timeout_seconds: For one request for the keys.

    Raises:
        jwt_verifier.SettingsInvalid: ISSUER is on the host of user pools, and is not one.
    """

    def __init__(
        self,
        settings: Settings,
        discovery: Discovery,
        *,
        clocks: Clocks,
        timeout_seconds: float,
    ) -> None:
        self._client_id = settings.client_id
        self._discovery = discovery
        self._clocks = clocks
        self._timeout_seconds = timeout_seconds
        self._verifier: JwtVerifier | None = None
        self._issuer = trusted_issuer(
            "ISSUER",
            {
                "name": "ISSUER",
                "issuer": settings.issuer,
                "client_ids": [settings.client_id],
                "token_use": "id",
                "algorithms": list(SUPPORTED),
                "required_claims": ["sub", "iat"],
                # It came to us from the token endpoint, and nobody presents it as a bearer token.
                "accept_bound_tokens_as_bearer": True,
            },
        )

    def claims(self, token: str) -> dict[str, Any]:
        """Return the claims of an ID token for us, valid now; the nonce is the caller's to compare.

        Raises:
            IssuerInvalid: It is not what the issuer should give us.
            TokensTooLarge: It is longer than any that a browser's cookies could hold.
            Unavailable: The keys cannot be fetched.
        """
        try:
            verified = self._current_verifier().verify(token)
        except TokenOversized:
            raise TokensTooLarge("the ID token is too large") from None
        except TokenRejected as rejection:
            raise _invalid(rejection.code) from None
        except KeysUnavailable as failure:
            raise Unavailable(f"the issuer's keys: {failure}", "jwks_failed") from None
        if verified.claims.get("azp", self._client_id) != self._client_id:
            raise _invalid("azp_mismatch")
        return dict(verified.claims)

    def _current_verifier(self) -> JwtVerifier:
        """Return the verifier with the keys at the address that the issuer names now."""
        jwks_uri = self._discovery.endpoints().jwks
        if self._verifier is None or self._issuer.jwks_uri != jwks_uri:
            self._issuer = replace(self._issuer, jwks_uri=jwks_uri)
            self._verifier = JwtVerifier(
                [self._issuer],
                leeway_seconds=LEEWAY_SECONDS,
                times=TIMES,
                fetch_timeout_seconds=self._timeout_seconds,
                wall_clock=self._clocks.wall,
                monotonic_clock=self._clocks.monotonic,
            )
        return self._verifier


def _invalid(why: str) -> IssuerInvalid:
    return IssuerInvalid("the ID token is not valid", f"id_token:{why}")
