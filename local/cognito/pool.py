"""A moto user pool that signs as Cognito does: its own keys, issuer, lifetimes, group order.

The rule: nothing here checks a password; moto does, before it asks for a token. The class rests
on moto's internals, which is why moto is pinned exactly.
"""

import base64
import copy
import secrets
import time
import uuid
from collections.abc import Iterable, Mapping

from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool
from moto.cognitoidp.utils import flatten_attrs

from local.cognito.app_clients import make_app_client, read_app_client
from local.issuer import SigningKey, generate_private_key
from local.json_value import JsonObject
from local.template.local_app import PoolConfig

ACCESS = "access"
ID = "id"
_KID_BYTES = 32
_LAST = 2**31


class SignedPool(CognitoIdpUserPool):
    """The pool of a template; its keys are made here and live in memory only."""

    def __init__(self, config: PoolConfig) -> None:
        super().__init__(
            config.account_id, config.region, config.name, copy.deepcopy(config.settings)
        )
        self.id = config.id
        self.arn = f"arn:aws:cognito-idp:{config.region}:{config.account_id}:userpool/{config.id}"
        self.issuer = config.issuer
        self._keys = {ACCESS: _signing_key(), ID: _signing_key()}
        for client in config.clients:
            self.clients[client.id] = make_app_client(self.id, client)

    def jwks(self) -> JsonObject:
        """The pool's public keys: one for access tokens, one for ID tokens (RFC 7517)."""
        return {"keys": [key.jwk for key in self._keys.values()]}

    def sign(self, token_use: str, claims: Mapping[str, object]) -> str:
        """A token with exactly these claims, signed with the key for its use."""
        return self._keys[token_use].sign(claims)

    def create_jwt(
        self,
        client_id: str,
        username: str,
        token_use: str,
        expires_in: int = 0,  # noqa: ARG002 - moto's fixed hour; the client's setting counts
        extra_data: JsonObject | None = None,
    ) -> tuple[str, int]:
        """A user's token, as moto's API asks for it.

        Returns:
            The token and its lifetime in seconds.
        """
        user: CognitoIdpUser = self._get_user(username)
        seconds = self._lifetime_seconds(client_id, token_use)
        claims = {**self._basic_claims(token_use, seconds), "sub": user.id}
        if token_use == ACCESS:
            claims |= {"client_id": client_id, "username": user.username}
        else:
            claims |= {"aud": client_id, "cognito:username": user.username, **_identity(user)}
        claims |= extra_data or {}
        if user.groups:
            claims["cognito:groups"] = _by_precedence(user)
        return self.sign(token_use, claims), seconds

    def user_tokens(
        self, client_id: str, username: str, scopes: Iterable[str], nonce: str | None
    ) -> JsonObject:
        """What `/oauth2/token` answers for a signed-in user; an ID token only with `openid`."""
        refresh_token, origin_jti = self.create_refresh_token(client_id, username)
        granted = list(scopes)
        extra: JsonObject = {"origin_jti": origin_jti, "scope": " ".join(granted), "version": 2}
        access_token, expires_in = self.create_jwt(client_id, username, ACCESS, extra_data=extra)
        self.access_tokens[access_token] = (client_id, username)
        tokens: JsonObject = {
            "access_token": access_token,
            "refresh_token": refresh_token,
            "expires_in": expires_in,
            "token_type": "Bearer",
        }
        if "openid" in granted:
            extra = {"origin_jti": origin_jti, **({"nonce": nonce} if nonce else {})}
            tokens["id_token"] = self.create_jwt(client_id, username, ID, extra_data=extra)[0]
        return tokens

    def machine_tokens(self, client_id: str, scopes: Iterable[str]) -> JsonObject:
        """What `/oauth2/token` answers for client credentials."""
        seconds = self._lifetime_seconds(client_id, ACCESS)
        claims = {
            **self._basic_claims(ACCESS, seconds),
            "sub": client_id,
            "client_id": client_id,
            "scope": " ".join(scopes),
            "version": 2,
        }
        return {
            "access_token": self.sign(ACCESS, claims),
            "expires_in": seconds,
            "token_type": "Bearer",
        }

    def _lifetime_seconds(self, client_id: str, token_use: str) -> int:
        client = read_app_client(self.clients[client_id])
        return client.access_token_seconds if token_use == ACCESS else client.id_token_seconds

    def _basic_claims(self, token_use: str, seconds: int) -> dict[str, object]:
        now = int(time.time())
        return {
            "iss": self.issuer,
            "token_use": token_use,
            "auth_time": now,
            "iat": now,
            "exp": now + seconds,
            "jti": str(uuid.uuid4()),
        }


def _signing_key() -> SigningKey:
    kid = base64.b64encode(secrets.token_bytes(_KID_BYTES)).decode()
    return SigningKey("RS256", generate_private_key("RS256"), kid)


def _identity(user: CognitoIdpUser) -> JsonObject:
    attributes = flatten_attrs(user.attributes)
    identity: JsonObject = {}
    if "email" in attributes:
        identity["email"] = attributes["email"]
        identity["email_verified"] = attributes.get("email_verified") == "true"
    return identity


def _by_precedence(user: CognitoIdpUser) -> list[str]:
    def rank(group: object) -> tuple[int, str]:
        precedence = getattr(group, "precedence", None)
        return (_LAST if precedence is None else precedence, getattr(group, "group_name", ""))

    return [group.group_name for group in sorted(user.groups, key=rank)]
