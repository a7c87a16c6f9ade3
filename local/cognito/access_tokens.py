"""An access token -> the person whom Cognito's own endpoints serve with it."""

from collections.abc import Iterable
from dataclasses import dataclass

from moto.cognitoidp.models import CognitoIdpUser

from local.cognito.errors import not_authorized
from local.cognito.pool import SignedPool
from local.json_value import JsonObject


@dataclass(frozen=True, slots=True)
class Bearer:
    """A live access token's pool, person and scopes."""

    pool: SignedPool
    user: CognitoIdpUser
    client_id: str
    scopes: tuple[str, ...]


def bearer_of(pools: Iterable[SignedPool], token: str) -> Bearer:
    """Return who holds an access token of one of the pools.

    Raises:
        Refused: No pool signed it, it has expired, its session was ended, or the person is gone.
    """
    for pool in pools:
        claims = pool.read_access_token(token)
        if claims is not None:
            return _bearer(pool, claims)
    raise not_authorized("Invalid Access Token")


def _bearer(pool: SignedPool, claims: JsonObject) -> Bearer:
    if pool.is_expired(claims):
        raise not_authorized("Access Token has expired")
    if not pool.sessions.is_live(claims.get("origin_jti")):
        raise not_authorized("Access Token has been revoked")
    user = pool.named(str(claims["username"]))
    if user is None or not user.enabled:
        raise not_authorized("Invalid Access Token")
    return Bearer(pool, user, str(claims["client_id"]), tuple(str(claims["scope"]).split(" ")))
