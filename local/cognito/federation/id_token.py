"""A provider's ID token and key set -> its claims, verified (OpenID Connect Core 3.1.3.7).

Only RSA and ECDSA signatures count. Cognito takes HMAC too; its key would be the client
secret, which is invented here.
"""

import hmac
from collections.abc import Iterable

import jwt

from local.cognito.federation.errors import provider_failed
from local.json_value import JsonObject, JsonValue
from local.template.pool_config import IdentityProviderConfig

_ALGORITHMS = frozenset({"ES256", "ES384", "ES512", "RS256", "RS384", "RS512"})
_OPTIONS: jwt.types.Options = {
    "require": ["aud", "exp", "iat", "iss", "sub"],
    # Times are compared with our own clock below.
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
}


def verified_claims(
    provider: IdentityProviderConfig,
    unverified_id_token: str,
    key_set: JsonObject,
    nonce: str,
    now: float,
) -> JsonObject:
    """Return the claims of an ID token.

    Args:
        provider: Who must have issued it, and to which client.
        unverified_id_token: Off the wire.
        key_set: The provider's, from its `jwks_uri`.
        nonce: The one that was sent with the request.
        now: Seconds since the epoch.

    Raises:
        FederationFailed: It is not signed by the provider, for another client, out of its time, or
            the answer to another request.
    """
    try:
        header = jwt.get_unverified_header(unverified_id_token)
        algorithm = header.get("alg")
        if algorithm not in _ALGORITHMS:
            raise provider_failed(provider.name, "the ID token is not signed by RSA or ECDSA")
        key = _key(provider, key_set, header.get("kid"), algorithm)
        claims: JsonObject = jwt.decode(
            unverified_id_token,
            key,
            algorithms=[algorithm],
            audience=provider.client_id,
            issuer=provider.issuer,
            options=_OPTIONS,
        )
    except (jwt.PyJWTError, RecursionError) as error:
        problem = f"the ID token is not valid: {error}"
        raise provider_failed(provider.name, problem) from error
    _check_party(provider, claims)
    _check_times(provider, claims, now)
    given = claims.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise provider_failed(provider.name, "the ID token has another nonce")
    return claims


def _key(
    provider: IdentityProviderConfig, key_set: JsonObject, kid: object, algorithm: str
) -> jwt.PyJWK:
    """Return the key of a kid, or the only key where no kid is given (OIDC Core section 10.1)."""
    published = key_set.get("keys")
    jwks = (
        [jwk for jwk in published if isinstance(jwk, dict)] if isinstance(published, list) else []
    )
    candidates = jwks if kid is None else [jwk for jwk in jwks if jwk.get("kid") == kid]
    if kid is None and len(candidates) > 1:
        raise provider_failed(provider.name, "the ID token has no kid, and there are several keys")
    keys = list(_usable(candidates, algorithm))
    if len(keys) != 1:
        raise provider_failed(provider.name, "no key of the provider matches the ID token")
    return keys[0]


def _usable(jwks: Iterable[dict[str, JsonValue]], algorithm: str) -> Iterable[jwt.PyJWK]:
    for jwk in jwks:
        if jwk.get("use", "sig") != "sig" or jwk.get("alg", algorithm) != algorithm:
            continue
        try:
            yield jwt.PyJWK(jwk, algorithm=algorithm)
        except (jwt.PyJWTError, ValueError, TypeError):
            continue  # malformed: it costs only itself


def _check_party(provider: IdentityProviderConfig, claims: JsonObject) -> None:
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    party = claims.get("azp", None if several else provider.client_id)
    if party != provider.client_id:
        raise provider_failed(provider.name, "the ID token is for another client (azp)")


def _check_times(provider: IdentityProviderConfig, claims: JsonObject, now: float) -> None:
    expires_at, not_before = _seconds(claims["exp"]), _seconds(claims.get("nbf", 0))
    if expires_at is None or not_before is None or _seconds(claims["iat"]) is None:
        raise provider_failed(provider.name, "a time of the ID token is not a number")
    if expires_at <= now:
        raise provider_failed(provider.name, "the ID token has expired")
    if not_before > now:
        raise provider_failed(provider.name, "the ID token is not valid yet")


def _seconds(value: JsonValue) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
