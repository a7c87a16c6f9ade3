"""An ID token -> its claims, verified (OpenID Connect Core 1.0 sections 3.1.3.7 and 12.2)."""

from collections.abc import Mapping
from typing import Any, Final

import jwt

from session.discovery import Discovery
from session.download import Web
from session.errors import IssuerInvalid, Unavailable
from session.json_object import parse_object
from session.kept import Clock, Kept
from session.settings import Settings

ALGORITHMS: Final = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA"),
)
"""Asymmetric only: with any other, whoever knows the public key could sign."""

LEEWAY_SECONDS: Final = 60
FRESH_SECONDS: Final = 3_600.0
MAX_AGE_SECONDS: Final = 86_400.0
PAUSE_SECONDS: Final = 10.0
_HTTP_OK: Final = 200
_SIGNED: Final = jwt.PyJWS(ALGORITHMS, {"enforce_minimum_key_length": True})
"""Verifies signatures only: PyJWT reads times by a clock of its own, takes texts and booleans for
numbers, and NaN for a time that never comes."""


class IdTokens:
    """Verifies the ID tokens of one issuer for one client.

    Args:
        settings: Who they are.
        discovery: Where the keys are.
        web: Asks for them.
        clock: Seconds since the epoch.
    """

    def __init__(self, settings: Settings, discovery: Discovery, web: Web, clock: Clock) -> None:
        self._web = web
        self._settings = settings
        self._discovery = discovery
        self._clock = clock
        self._keys = Kept(
            self._fetch,
            clock,
            fresh_seconds=FRESH_SECONDS,
            max_age_seconds=MAX_AGE_SECONDS,
            pause_seconds=PAUSE_SECONDS,
        )

    def claims(self, token: str) -> dict[str, Any]:
        """The claims of an ID token of now, for us; the nonce is the caller's to compare.

        Raises:
            IssuerInvalid: It is not what the issuer should give us.
            Unavailable: The keys are not to be had.
        """
        try:
            signed = _SIGNED.decode_complete(token, self._key(token), algorithms=ALGORITHMS)
            claims = parse_object(signed["payload"])
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
            # Its words may quote the token; the class says enough.
            raise _invalid(type(error).__name__) from None
        self._check_kind(signed["header"], claims)
        self._check_parties(claims)
        self._check_times(claims)
        return claims

    def _check_kind(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
        # Any other type names a token of another kind: logout+jwt, at+jwt (RFC 8725 section 3.11).
        kind = header.get("typ", "JWT")
        if not isinstance(kind, str) or kind.upper() != "JWT":
            raise _invalid("TypeForeign")
        if claims.get("token_use", "id") != "id":  # Cognito's name for the kind
            raise _invalid("TokenUseForeign")

    def _check_parties(self, claims: Mapping[str, Any]) -> None:
        client_id = self._settings.client_id
        if claims.get("iss") != self._settings.issuer:
            raise _invalid("IssuerForeign")
        if claims.get("aud") not in (client_id, [client_id]):
            raise _invalid("AudienceForeign")
        if claims.get("azp", client_id) != client_id:
            raise _invalid("AuthorizedPartyForeign")
        if not isinstance(claims.get("sub"), str):
            raise _invalid("SubjectMissing")

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now = self._clock()
        if not _is_number(claims.get("exp")) or claims["exp"] + LEEWAY_SECONDS <= now:
            raise _invalid("Expired")
        if not _is_number(claims.get("iat")) or claims["iat"] - LEEWAY_SECONDS > now:
            raise _invalid("IssuedInTheFuture")
        not_before = claims.get("nbf", now)
        if not _is_number(not_before) or not_before - LEEWAY_SECONDS > now:
            raise _invalid("NotYetValid")

    def _key(self, token: str) -> jwt.PyJWK:
        kid = jwt.get_unverified_header(token).get("kid")
        found = _with_kid(self._keys.get(), kid) or _with_kid(self._keys.newer() or [], kid)
        if found is None:
            raise _invalid("KeyUnknown")
        return jwt.PyJWK(found)

    def _fetch(self) -> list[dict[str, Any]]:
        answer = self._web.ask(self._discovery.endpoints().jwks)
        try:
            keys = parse_object(answer.body)["keys"] if answer.status == _HTTP_OK else None
        except (ValueError, KeyError):
            keys = None
        if not isinstance(keys, list):
            raise Unavailable("the issuer gives no JWK set", "jwks_failed")
        return [key for key in keys if isinstance(key, dict)]


def _with_kid(keys: list[dict[str, Any]], kid: object) -> dict[str, Any] | None:
    """The one key that a token names; the others need not be of any use (RFC 7517 section 5)."""
    named = [
        key
        for key in keys
        if kid is not None and key.get("kid") == kid and key.get("use", "sig") == "sig"
    ]
    return named[0] if len(named) == 1 else None


def _is_number(value: object) -> bool:
    return type(value) in (int, float)


def _invalid(why: str) -> IssuerInvalid:
    return IssuerInvalid("the ID token is not good", f"id_token:{why}")
