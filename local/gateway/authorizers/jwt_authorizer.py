"""Request -> verified claims or a refusal, as API Gateway's built-in JWT authorizer decides.

The rule: identity source, shape, algorithm, key and signature, claims, scopes, in this order; every
refusal is 401 but a missing scope. Where AWS's behaviour is unknown the stricter one is chosen
(`local/behaviour.py`): no leeway for clocks, and a token without `exp` is refused.
"""

import json
import math
from collections.abc import Callable
from typing import Final

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from local.behaviour import JWT_LEEWAY_SECONDS
from local.gateway.authorization import JwtAuthorization
from local.gateway.authorizers.identity import identity_value
from local.gateway.authorizers.issuer_keys import IssuerKeys, KeysUnreachable
from local.gateway.authorizers.jwt_claims import rendered_claims, token_scopes
from local.gateway.context import RequestContext
from local.gateway.messages import Refusal, forbidden, unauthorized
from local.json_value import JsonObject, JsonValue
from local.template.local_app import JwtAuthorizerConfig

_ALGORITHMS: Final = ("RS256", "RS384", "RS512")
_SEGMENTS: Final = 3
_BEARER: Final = "bearer "


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
        """The claims of a request that may pass.

        Raises:
            Refusal: 401, or 403 without one of the route's scopes.
        """
        value = identity_value(config.identity_source, context)
        if value is None:
            raise unauthorized("missing: token not provided", "Bearer")
        token = value[len(_BEARER) :] if value.lower().startswith(_BEARER) else value
        claims = self._verified(config, token)
        self._check_claims(config, claims)
        route_scopes = context.match.route.scopes
        scopes = token_scopes(claims)
        if route_scopes and not set(route_scopes) & set(scopes):
            wanted = " ".join(route_scopes)
            raise forbidden(
                f"insufficient_scope: none of {wanted}",
                f'Bearer scope="{wanted}" error="insufficient_scope" '
                'error_description="the token does not have any of the required scopes"',
            )
        return JwtAuthorization(rendered_claims(claims), scopes if route_scopes else None)

    def _verified(self, config: JwtAuthorizerConfig, token: str) -> JsonObject:
        if token.count(".") != _SEGMENTS - 1:
            raise _invalid("token contains an invalid number of segments")
        try:
            header = jwt.get_unverified_header(token)
        except (jwt.InvalidTokenError, RecursionError):
            raise _invalid("token is malformed") from None
        algorithm, kid = header.get("alg"), header.get("kid")
        if algorithm not in _ALGORITHMS:
            raise _invalid(f"signing method {str(algorithm)[:20]} is invalid")
        if not isinstance(kid, str):
            raise _invalid("kid header is missing")
        try:
            key = self._keys.key(config.issuer, kid)
        except KeysUnreachable as error:
            raise _invalid(str(error)) from error
        if key is None or not isinstance(key.key, RSAPublicKey):
            raise _invalid("kid is not in the issuer's JWKS")
        try:
            payload = jwt.PyJWS().decode(token, key.key, algorithms=[str(algorithm)])
        except jwt.InvalidTokenError:
            raise _invalid("signature is invalid") from None
        try:
            claims = json.loads(payload, parse_constant=_no_number, parse_float=_finite)
        except (ValueError, RecursionError):
            raise _invalid("the claims are no JSON") from None
        if not isinstance(claims, dict):
            raise _invalid("the claims are no object")
        return claims

    def _check_claims(self, config: JwtAuthorizerConfig, claims: JsonObject) -> None:
        if claims.get("iss") != config.issuer:
            raise _invalid("issuer does not match")
        # client_id is looked at only in a token without aud.
        audience = claims["aud"] if "aud" in claims else claims.get("client_id")
        if not _any_of(audience, config.audiences):
            raise _invalid("the token does not have a valid audience")
        now = self._wall_clock()
        expires_at = _time(claims, "exp")
        if expires_at is None or expires_at + JWT_LEEWAY_SECONDS <= now:
            raise _invalid("token is expired")
        for name in ("nbf", "iat"):
            starts_at = _time(claims, name)
            if starts_at is not None and starts_at - JWT_LEEWAY_SECONDS > now:
                raise _invalid(f"token is used before its {name}")


def _any_of(audience: JsonValue, accepted: tuple[str, ...]) -> bool:
    if isinstance(audience, list):
        return any(isinstance(item, str) and item in accepted for item in audience)
    return isinstance(audience, str) and audience in accepted


def _time(claims: JsonObject, name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _invalid(f"{name} is no number")
    return value


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is out of range")
    return number


def _invalid(description: str) -> Refusal:
    # Separated by spaces and always with scope: the header's real form, not RFC 6750's.
    challenge = f'Bearer scope="" error="invalid_token" error_description="{description}"'
    return unauthorized(f"invalid_token: {description}", challenge)
