"""The verifier as its users hold it: issuers -> a thing that verifies tokens. See `__init__`."""

import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import Final, Self

from jwt_verifier import algorithms
from jwt_verifier.errors import CheckFailed, SettingsInvalid, TokenMalformed
from jwt_verifier.freshness import Clock
from jwt_verifier.issuer import TrustedIssuer
from jwt_verifier.issuer_kinds import cognito_issuer, oidc_issuer
from jwt_verifier.jwks_cache import CacheTimes, JwksCache, KeysEvent
from jwt_verifier.key_source import KeySource
from jwt_verifier.static_keys import JwksDocument, static_keys
from jwt_verifier.tokens import UnverifiedToken, VerifiedToken
from jwt_verifier.verifier import IssuerKeys, Steps, Verifier

CustomCheck = Callable[[VerifiedToken], str | None]
"""Takes a token that has passed everything else; returns None, or why it is refused."""

KeysReport = Callable[[str, KeysEvent, str], None]
"""Takes the issuer's name, what happened to its keys, and a detail that is safe to log."""

DEFAULT_TIMES: Final = CacheTimes(
    fresh_seconds=3_600.0, max_age_seconds=86_400.0, cooldown_seconds=30.0
)
_LOGGER: Final = logging.getLogger("jwt_verifier")


def log_keys_event(issuer_name: str, event: KeysEvent, detail: str) -> None:
    """Log what happened to an issuer's keys: a fetch as information, anything else as a warning."""
    level = logging.INFO if event is KeysEvent.FETCHED else logging.WARNING
    _LOGGER.log(level, "%s: %s: %s", issuer_name, event.value, detail)


class JwtVerifier:
    """Verifies the tokens of one issuer or of several. Make one and keep it; safe for threads."""

    def __init__(  # noqa: PLR0913  # each is an option of its own, by keyword
        self,
        issuers: Iterable[TrustedIssuer],
        *,
        leeway_seconds: float = 60.0,
        times: CacheTimes = DEFAULT_TIMES,
        fetch_timeout_seconds: float = 1.5,
        static_keys: Mapping[str, JwksDocument] | None = None,
        check: CustomCheck | None = None,
        report: KeysReport = log_keys_event,
        wall_clock: Clock = time.time,
        monotonic_clock: Clock = time.monotonic,
        steps: Steps | None = None,
    ) -> None:
        """Trust these issuers; nothing is fetched before `warm_up` or the first token.

        Args:
            issuers: at least one, no two with one issuer string: `cognito_issuer` and
                `oidc_issuer` make them.
            leeway_seconds: how far clocks may be apart.
            times: for how long keys are kept, and how often they are asked for.
            fetch_timeout_seconds: for each request of a fetch of keys, discovery and JWKS.
            static_keys: a JWK set by issuer string, for an issuer that is never to be asked. A
                key that the issuer withdraws is then trusted until you deploy.
            check: a check of your own, after all others. An exception in it is yours to mend, and
                reaches the caller of `verify`.
            report: what to tell of the keys; by default the logger `jwt_verifier` is told.
            wall_clock: seconds since the epoch.
            monotonic_clock: seconds that only go forward.
            steps: those of a verification, from whoever watches them.

        Raises:
            SettingsInvalid: naming what is wrong and the fix.
        """
        trusted = tuple(issuers)
        in_hand = static_keys or {}
        _check_issuers(trusted, in_hand)
        for issuer in trusted:
            algorithms.preload(issuer.algorithms)

        def keys_of(issuer: TrustedIssuer) -> JwksCache:
            return JwksCache(
                _source(issuer, in_hand, fetch_timeout_seconds),
                times,
                wall_clock=wall_clock,
                monotonic_clock=monotonic_clock,
                report=partial(report, issuer.name),
            )

        self._check = check
        self._verifier = Verifier(
            [IssuerKeys(issuer, keys_of(issuer)) for issuer in trusted],
            leeway_seconds=leeway_seconds,
            wall_clock=wall_clock,
            steps=steps,
        )

    @classmethod
    def cognito(
        cls,
        user_pool_id: str,
        *,
        client_ids: Collection[str],
        token_use: str | None,
        jwks: JwksDocument | None = None,
        check: CustomCheck | None = None,
    ) -> Self:
        """Return a verifier of one Amazon Cognito user pool; see `cognito_issuer`.

        `jwks` is the pool's JWK set, where it is never to be fetched.
        """
        issuer = cognito_issuer(user_pool_id, client_ids=client_ids, token_use=token_use)
        return cls([issuer], static_keys=_of_one(issuer, jwks), check=check)

    @classmethod
    def oidc(
        cls,
        issuer: str,
        *,
        audiences: Collection[str] = (),
        jwks: JwksDocument | None = None,
        check: CustomCheck | None = None,
        **further: object,
    ) -> Self:
        """Return a verifier of one OpenID Connect issuer; see `oidc_issuer`.

        `jwks` is the issuer's JWK set, where it is never to be fetched. `further` are fields of
        `TrustedIssuer`.
        """
        trusted = oidc_issuer(issuer, audiences=audiences, **further)
        return cls([trusted], static_keys=_of_one(trusted, jwks), check=check)

    def warm_up(self) -> None:
        """Fetch every issuer's keys now, side by side; one that does not answer is asked later."""
        self._verifier.warm_up()

    def verify(self, jwt: str) -> VerifiedToken:
        """Return what the token's issuer vouches for (RFC 7519 section 7.2, RFC 8725 section 3).

        Args:
            jwt: a compact JWS, without "Bearer".

        Raises:
            TokenRejected: the token is not acceptable; its class and `code` say why.
            KeysUnavailable: the issuer does not answer, so nothing can be said about the token.
        """
        if not isinstance(jwt, str):
            raise TokenMalformed("the token is not a string")
        token = self._verifier.verify(UnverifiedToken(jwt))
        if self._check is not None:
            _pass_check(self._check, token)
        return token


def _pass_check(check: CustomCheck, token: VerifiedToken) -> None:
    refusal = check(token)
    if refusal is None:
        return
    raise CheckFailed(str(refusal))


def _of_one(issuer: TrustedIssuer, jwks: JwksDocument | None) -> Mapping[str, JwksDocument]:
    return {} if jwks is None else {issuer.issuer: jwks}


def _check_issuers(issuers: tuple[TrustedIssuer, ...], in_hand: Mapping[str, object]) -> None:
    if not issuers:
        raise SettingsInvalid("issuers: none is given; name at least one")
    known = {issuer.issuer for issuer in issuers}
    if len(known) != len(issuers):
        raise SettingsInvalid("issuers: two have the same issuer string; give each issuer once")
    for issuer in in_hand:
        if issuer not in known:
            raise SettingsInvalid(
                f"static_keys[{issuer!r:.200}]: is not among the issuers; "
                f"give the issuer string of one of them: {', '.join(sorted(known))}"
            )


def _source(
    issuer: TrustedIssuer, in_hand: Mapping[str, JwksDocument], timeout_seconds: float
) -> KeySource:
    document = in_hand.get(issuer.issuer, issuer.jwks)
    if document is not None:
        where = f"static_keys[{issuer.issuer!r:.200}]"
        return static_keys(where, document, issuer.algorithms)
    # An HTTP client and TLS are dear to import, and keys in hand need neither.
    from jwt_verifier.https_keys import HttpsKeySource  # noqa: PLC0415

    return HttpsKeySource(
        issuer.issuer,
        issuer.known_jwks_uri,
        issuer.algorithms,
        timeout_seconds,
        plain_http=issuer.accept_plain_http,
    )
