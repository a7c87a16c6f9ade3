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

from local.cognito.claims import TokenSubject, access_claims, id_claims, machine_claims
from local.cognito.customisation import Customisation
from local.cognito.errors import not_authorized
from local.cognito.pool import ACCESS, ID, SignedPool
from local.cognito.pre_token import CLIENT_CREDENTIALS, REFRESH, PreTokenTrigger, TriggerContext
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
        """Format as `/oauth2/token` answers (RFC 6749 section 5.1)."""
        answer: JsonObject = {
            "id_token": self.id_token,
            "access_token": self.access_token,
            "refresh_token": self.refresh_token,
            "expires_in": self.expires_in,
            "token_type": "Bearer",
        }
        return {name: value for name, value in answer.items() if value is not None}

    def api(self) -> JsonObject:
        """Format as the API's `AuthenticationResult`."""
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
        """Return what the pool's trigger wants for this sign-in.

        Raises:
            Refused: The trigger fails the sign-in.
        """
        context = TriggerContext(source, sign_in.client.id, sign_in.scopes, metadata)
        return self._trigger.customise(sign_in.pool, sign_in.user, context)

    def first_tokens(self, sign_in: SignIn, customisation: Customisation) -> Tokens:
        """Return the tokens of a new session; an ID token by the API or with `openid`."""
        session, refresh_token = sign_in.pool.sessions.start(
            sign_in.client,
            sign_in.user.username,
            sign_in.scopes,
            sign_in.auth_time,
            by_api=sign_in.by_api,
        )
        subject = self._holder(sign_in.pool, sign_in.client, sign_in.user, session)
        return _signed(subject, customisation, refresh_token, sign_in.nonce)

    def refreshed_tokens(
        self,
        pool: SignedPool,
        client: ClientConfig,
        refresh_token: str,
        metadata: Mapping[str, str] | None = None,
    ) -> Tokens:
        """Issue new tokens of a session, with a new refresh token if the client rotates them.

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
        context = TriggerContext(REFRESH, client.id, session.scopes, metadata)
        customisation = self._trigger.customise(pool, user, context)
        successor = pool.sessions.rotate(refresh_token, client)
        return _signed(self._holder(pool, client, user, session), customisation, successor, None)

    def machine_tokens(
        self,
        pool: SignedPool,
        client: ClientConfig,
        scopes: tuple[str, ...],
        metadata: Mapping[str, str] | None = None,
    ) -> Tokens:
        """Return an access token for client credentials (RFC 6749 section 4.4).

        Raises:
            Refused: The trigger refuses.
        """
        context = TriggerContext(CLIENT_CREDENTIALS, client.id, scopes, metadata)
        customisation = self._trigger.customise(pool, None, context)
        claims = machine_claims(pool, client, scopes, customisation, int(self._clock()))
        return Tokens(pool.sign(ACCESS, claims), client.access_token_seconds)

    def _holder(
        self, pool: SignedPool, client: ClientConfig, user: CognitoIdpUser, session: TokenSession
    ) -> TokenSubject:
        return TokenSubject(pool, client, user, session, int(self._clock()), str(uuid.uuid4()))


def _signed(
    subject: TokenSubject,
    customisation: Customisation,
    refresh_token: str | None,
    nonce: str | None,
) -> Tokens:
    pool, session = subject.pool, subject.session
    access_token = pool.sign(ACCESS, access_claims(subject, customisation))
    id_token = None
    if session.by_api or _OPENID in session.scopes:
        at_hash = None if session.by_api else _at_hash(access_token)
        id_token = pool.sign(ID, id_claims(subject, customisation, nonce, at_hash))
    return Tokens(access_token, subject.client.access_token_seconds, id_token, refresh_token)


def _at_hash(access_token: str) -> str:
    digest = hashlib.sha256(access_token.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
