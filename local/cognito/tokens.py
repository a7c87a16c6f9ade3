"""Sign-in, refresh or client credentials -> signed tokens.

Every token passes the pool's pre-token-generation trigger first, and nothing else here
makes one.
"""

import base64
import hashlib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from moto.cognitoidp.models import CognitoIdpUser

from local.cognito.claims import Holder, access_claims, id_claims, machine_claims
from local.cognito.customisation import Customisation
from local.cognito.errors import not_authorized
from local.cognito.pool import ACCESS, ID, SignedPool
from local.cognito.pre_token import CLIENT_CREDENTIALS, REFRESH, Occasion, PreTokenTrigger
from local.cognito.token_sessions import TokenSession
from local.json_value import JsonObject
from local.template.pool_config import ClientConfig

_OPENID = "openid"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What an app client gets; lifetimes in seconds."""

    access_token: str = field(repr=False)
    expires_in: int
    id_token: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)

    def oauth(self) -> JsonObject:
        """As `/oauth2/token` answers (RFC 6749 section 5.1)."""
        answer: JsonObject = {
            "id_token": self.id_token,
            "access_token": self.access_token,
            "refresh_token": self.refresh_token,
            "expires_in": self.expires_in,
            "token_type": "Bearer",
        }
        return {name: value for name, value in answer.items() if value is not None}

    def api(self) -> JsonObject:
        """As the API's `AuthenticationResult`."""
        answer: JsonObject = {
            "AccessToken": self.access_token,
            "ExpiresIn": self.expires_in,
            "TokenType": "Bearer",
            "RefreshToken": self.refresh_token,
            "IdToken": self.id_token,
        }
        return {name: value for name, value in answer.items() if value is not None}


@dataclass(frozen=True, slots=True)
class SignIn:
    """A person who has proved who they are: to which client, when, and for which scopes.

    `by_api` tells Cognito's own API, which always gives an ID token, from the OAuth endpoints.
    """

    pool: SignedPool
    client: ClientConfig
    user: CognitoIdpUser
    scopes: tuple[str, ...]
    auth_time: int
    by_api: bool
    nonce: str | None = None


class TokenIssuer:
    """Makes the tokens of all pools.

    Args:
        trigger: Asked before any token is made.
        clock: Seconds since the epoch.
    """

    def __init__(self, trigger: PreTokenTrigger, clock: Callable[[], float]) -> None:
        self._trigger = trigger
        self._clock = clock

    def customise(
        self, sign_in: SignIn, source: str, metadata: Mapping[str, str] | None = None
    ) -> Customisation:
        """What the pool's trigger wants for this sign-in.

        Raises:
            Refused: The trigger fails the sign-in.
        """
        occasion = Occasion(source, sign_in.client.id, sign_in.scopes, metadata)
        return self._trigger.customise(sign_in.pool, sign_in.user, occasion)

    def first_tokens(self, sign_in: SignIn, customisation: Customisation) -> Tokens:
        """The tokens of a new session; an ID token by the API or with `openid`."""
        session, refresh_token = sign_in.pool.sessions.start(
            sign_in.client,
            sign_in.user.username,
            sign_in.scopes,
            sign_in.auth_time,
            by_api=sign_in.by_api,
        )
        holder = self._holder(sign_in.pool, sign_in.client, sign_in.user, session)
        return _signed(holder, customisation, refresh_token, sign_in.nonce)

    def refreshed_tokens(
        self,
        pool: SignedPool,
        client: ClientConfig,
        refresh_token: str,
        metadata: Mapping[str, str] | None = None,
    ) -> Tokens:
        """New tokens of the same session, with a new refresh token if the client rotates them.

        Raises:
            RefreshRefused: The refresh token is not good.
            Refused: The person is gone or disabled, or the trigger fails the refresh.
        """
        session = pool.sessions.session_of(refresh_token, client)
        user = pool.named(session.username)
        if user is None:
            raise not_authorized("Invalid Refresh Token")
        if not user.enabled:
            raise not_authorized("User is disabled.")
        occasion = Occasion(REFRESH, client.id, session.scopes, metadata)
        customisation = self._trigger.customise(pool, user, occasion)
        successor = pool.sessions.rotate(refresh_token, client)
        return _signed(self._holder(pool, client, user, session), customisation, successor, None)

    def machine_tokens(
        self,
        pool: SignedPool,
        client: ClientConfig,
        scopes: tuple[str, ...],
        metadata: Mapping[str, str] | None = None,
    ) -> Tokens:
        """An access token for client credentials (RFC 6749 section 4.4).

        Raises:
            Refused: The trigger refuses.
        """
        occasion = Occasion(CLIENT_CREDENTIALS, client.id, scopes, metadata)
        customisation = self._trigger.customise(pool, None, occasion)
        claims = machine_claims(pool, client, scopes, customisation, int(self._clock()))
        return Tokens(pool.sign(ACCESS, claims), client.access_token_seconds)

    def _holder(
        self, pool: SignedPool, client: ClientConfig, user: CognitoIdpUser, session: TokenSession
    ) -> Holder:
        return Holder(pool, client, user, session, int(self._clock()), str(uuid.uuid4()))


def _signed(
    holder: Holder, customisation: Customisation, refresh_token: str | None, nonce: str | None
) -> Tokens:
    pool, session = holder.pool, holder.session
    access_token = pool.sign(ACCESS, access_claims(holder, customisation))
    id_token = None
    if session.by_api or _OPENID in session.scopes:
        at_hash = None if session.by_api else _at_hash(access_token)
        id_token = pool.sign(ID, id_claims(holder, customisation, nonce, at_hash))
    return Tokens(access_token, holder.client.access_token_seconds, id_token, refresh_token)


def _at_hash(access_token: str) -> str:
    digest = hashlib.sha256(access_token.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
