"""Request -> verified claims or a refusal, as API Gateway's built-in JWT authorizer decides.

Identity source, shape, algorithm, key and signature, claims, scopes, in this order; every
refusal is 401 but a missing scope. Where AWS's behaviour is unknown the stricter one is chosen
(`local/behaviour.toml` has each): what passes here is not refused there for its form.
"""

from collections.abc import Callable
from typing import Final

import jwt

from local.behaviour import JWT_LEEWAY_SECONDS
from local.gateway.authorization import JwtAuthorization
from local.gateway.authorizers.compact_token import TokenMalformed, read_token
from local.gateway.authorizers.identity import identity_value
from local.gateway.authorizers.issuer_keys import IssuerKeys, KeysUnreachable
from local.gateway.authorizers.jwt_claims import rendered_claims, token_scopes
from local.gateway.context import RequestContext
from local.gateway.messages import Refusal, forbidden, unauthorized
from local.json_value import JsonObject, JsonValue
from local.template.local_app import JwtAuthorizerConfig

_ALGORITHMS: Final = ("RS256", "RS384", "RS512")
_NOT_UNDERSTOOD: Final = ("crit", "enc", "zip")
"""Members of a header that change what the rest means (RFC 7515 4.1.11, RFC 7516 4.1)."""
_BEARER: Final = "Bearer "


class JwtAuthorizer:
    """Decides for every JWT authorizer of an API.

    Args:
        keys: The issuers' keys.
        wall_clock: Unix time in seconds.
    """

    def __init__(self, keys: IssuerKeys, wall_clock: Callable[[], float]) -> None:
        self._keys = keys
        self._wall_clock = wall_clock

    def authorize(self, config: JwtAuthorizerConfig, context: RequestContext) -> JwtAuthorization:
        """Authorize a request and return the claims of its token.

        Raises:
            Refusal: 401, or 403 without one of the route's scopes.
        """
        value = identity_value(config.identity_source, context)
        if value is None:
            raise unauthorized("missing: token not provided", "Bearer")
        return self.judge(config, value.removeprefix(_BEARER), context.match.route.scopes)

    def judge(
        self, config: JwtAuthorizerConfig, text: str, route_scopes: tuple[str, ...]
    ) -> JwtAuthorization:
        """Return the claims of a token, without "Bearer", for a route that asks for these scopes.

        Raises:
            Refusal: As `authorize`.
        """
        claims = self._verified(config, text)
        self._check_claims(config, claims)
        scopes = token_scopes(claims)
        if route_scopes and not set(route_scopes) & set(scopes):
            wanted = " ".join(route_scopes)
            raise forbidden(
                f"insufficient_scope: none of {wanted}",
                f'Bearer scope="{wanted}" error="insufficient_scope" '
                'error_description="the token does not have any of the required scopes"',
            )
        return JwtAuthorization(rendered_claims(claims), scopes if route_scopes else None)

    def _verified(self, config: JwtAuthorizerConfig, text: str) -> JsonObject:
        try:
            token = read_token(text)
        except TokenMalformed as error:
            raise _invalid(str(error)) from error
        algorithm, kid = token.header.get("alg"), token.header.get("kid")
        if algorithm not in _ALGORITHMS:
            raise _invalid(f"signing method {str(algorithm)[:20]} is invalid")
        for name in _NOT_UNDERSTOOD:
            if name in token.header:
                raise _invalid(f"{name} header is not supported")
        if not isinstance(kid, str):
            raise _invalid("kid header is missing")
        try:
            key = self._keys.key(config.issuer, kid)
        except KeysUnreachable as error:
            raise _invalid(str(error)) from error
        if key is None or key.algorithm not in {None, algorithm}:
            raise _invalid("kid is not in the issuer's JWKS")
        verifier = jwt.get_algorithm_by_name(str(algorithm))
        if not verifier.verify(token.signing_input, key.public_key, token.signature):
            raise _invalid("signature is invalid")
        return token.claims

    def _check_claims(self, config: JwtAuthorizerConfig, claims: JsonObject) -> None:
        if claims.get("iss") != config.issuer:
            raise _invalid("issuer does not match")
        # client_id is looked at only in a token without aud.
        audiences = _audiences(claims["aud"]) if "aud" in claims else [claims.get("client_id")]
        if not any(audience in config.audiences for audience in audiences):
            raise _invalid("the token does not have a valid audience")
        now = self._wall_clock()
        expires_at = _time(claims, "exp")
        if expires_at is None or expires_at + JWT_LEEWAY_SECONDS <= now:
            raise _invalid("token is expired")
        for name in ("nbf", "iat"):
            starts_at = _time(claims, name)
            if starts_at is not None and starts_at - JWT_LEEWAY_SECONDS > now:
                raise _invalid(f"token is used before its {name}")


def _audiences(aud: JsonValue) -> list[JsonValue]:
    """Return the values of `aud`; none of one that holds anything but strings."""
    values: list[JsonValue] = aud if isinstance(aud, list) else [aud]
    return values if all(isinstance(value, str) for value in values) else []


def _time(claims: JsonObject, name: str) -> float | None:
    if name not in claims:
        return None
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _invalid(f"{name} is not a number")
    return value


def _invalid(description: str) -> Refusal:
    # Separated by spaces and always with scope: the header's real form, not RFC 6750's.
    challenge = f'Bearer scope="" error="invalid_token" error_description="{description}"'
    return unauthorized(f"invalid_token: {description}", challenge)
