"""A moto user pool with Cognito's keys, issuer, case rule and token sessions.

Nothing here checks a password or decides what a token says. The class rests on moto's
internals, which is why moto is pinned exactly.
"""

import base64
import copy
import secrets
from collections.abc import Callable, Mapping

import jwt
from moto.cognitoidp import models
from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool

from local.cognito.app_clients import make_app_client, read_app_client
from local.cognito.federation.federated_users import FederatedUsers
from local.cognito.token_sessions import TokenSessions
from local.json_value import JsonObject
from local.loopback.signing_key import SigningKey
from local.template.pool_config import ClientConfig, IdentityProviderConfig, PoolConfig
from local.template.pool_settings import required_names

ACCESS = "access"
ID = "id"
_KID_BYTES = 32


class _NoKeys:
    """What moto's pools get for the module that reads the private key that they share.

    A published key signs nothing here, and finding its primes takes longer than all else that
    makes a pool.
    """

    class RSAKey:
        """The key that is not there."""

        @staticmethod
        def import_key(_: object) -> None:
            """Read nothing."""


models.jwk = _NoKeys  # type: ignore[assignment]  # it reads one name of the module


class SignedPool(CognitoIdpUserPool):
    """The pool of a template; its keys are made here and live in memory only.

    Args:
        config: The template's.
        clock: Seconds since the epoch.
    """

    def __init__(self, config: PoolConfig, clock: Callable[[], float]) -> None:
        super().__init__(
            config.account_id, config.region, config.name, copy.deepcopy(config.settings)
        )
        self.id = config.id
        self.arn = f"arn:aws:cognito-idp:{config.region}:{config.account_id}:userpool/{config.id}"
        self.issuer = config.issuer
        self.pre_token = config.pre_token
        self.requires_mfa = config.requires_mfa
        self.sessions = TokenSessions(clock)
        self._clock = clock
        self._case_sensitive = config.settings.get("UsernameConfiguration") != {
            "CaseSensitive": False
        }
        self.required_attributes = required_names(config.settings)
        self.federated = FederatedUsers(
            self, self.required_attributes, clock, case_sensitive=self._case_sensitive
        )
        self._providers = {provider.name: provider for provider in config.identity_providers}
        for provider in config.identity_providers:
            self.federated.add_group(provider)
        self._keys = {ACCESS: _signing_key(), ID: _signing_key()}
        for client in config.clients:
            self.clients[client.id] = make_app_client(self.id, client)

    def client(self, client_id: str) -> ClientConfig | None:
        """Return what an app client of this pool may do; None if it has no such client."""
        client = self.clients.get(client_id)
        return read_app_client(client) if client else None

    def identity_provider(self, name: str) -> IdentityProviderConfig | None:
        """Return the provider of this name; None if the pool has none, as for COGNITO."""
        return self._providers.get(name)

    def keep_keys_of(self, pool: "SignedPool") -> None:
        """Sign as another one did: an updated pool keeps its keys, and its tokens stay valid."""
        self._keys = pool._keys  # noqa: SLF001 - of the same class

    def jwks(self) -> JsonObject:
        """Return the pool's public keys: one for access tokens, one for ID tokens (RFC 7517)."""
        return {"keys": [key.jwk for key in self._keys.values()]}

    def sign(self, token_use: str, claims: Mapping[str, object]) -> str:
        """Return a token with exactly these claims, signed with the key for its use."""
        return self._keys[token_use].sign(claims)

    def read_access_token(self, token: str) -> JsonObject | None:
        """Return the claims of an access token that this pool signed, expired or not; else None."""
        try:
            claims: JsonObject = jwt.decode(
                token,
                self._keys[ACCESS].public_key,
                algorithms=["RS256"],
                issuer=self.issuer,
                options={"verify_exp": False, "verify_iat": False},
            )
        except jwt.InvalidTokenError:
            return None
        return claims

    def is_expired(self, claims: JsonObject) -> bool:
        """Return whether a token of this pool has passed its `exp`."""
        expires_at = claims["exp"]
        return not isinstance(expires_at, int) or expires_at <= self._clock()

    def named(self, username: str) -> CognitoIdpUser | None:
        """Return the person of exactly this name, as sessions and tokens hold it."""
        user: CognitoIdpUser | None = self.users.get(username)
        return user

    def user(self, username: str) -> CognitoIdpUser | None:
        """Find a person by name, or by an attribute that the pool's own people sign in with."""
        wanted = self._folded(username)
        people = list(self.users.values())
        for user in people:
            if self._folded(user.username) == wanted:
                return user
        aliases = self.extended_config.get("UsernameAttributes") or []
        for user in people:
            names = [user.attribute_lookup.get(alias) for alias in aliases]
            own = self.federated.provider_of(user) is None
            if own and wanted in [self._folded(name) for name in names if name]:
                return user
        return None

    def _get_user(self, username: str) -> CognitoIdpUser:
        # moto's look-up, without its blindness for case; it has the same lie about None.
        return self.user(username)  # type: ignore[return-value]

    def _folded(self, name: str) -> str:
        return name if self._case_sensitive else name.casefold()


def _signing_key() -> SigningKey:
    return SigningKey(base64.b64encode(secrets.token_bytes(_KID_BYTES)).decode())
