"""Refresh tokens, and the token sessions that they prolong, end and rotate in.

A rotated token is good for its client's grace period; after it, using it ends the whole
session (RFC 9700 section 4.14.2; Amazon Cognito, "Refresh token rotation").
"""

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from local.template.pool_config import ClientConfig

_TOKEN_BYTES = 64
_LONGEST_ACCESS_SECONDS = 86_400
"""How long an access token may outlive the refresh token that it came with."""


@dataclass(frozen=True, slots=True)
class TokenSession:
    """One sign-in and all tokens that came of it; its id is their `origin_jti`.

    `by_api` tells Cognito's own API from the OAuth endpoints.
    """

    id: str
    client_id: str
    username: str
    scopes: tuple[str, ...]
    by_api: bool
    auth_time: int
    expires_at: float


class RefreshRefused(Exception):
    """A refresh token is not good for this client, or no longer.

    Args:
        reason: One sentence.
        reused: Whether it was rotated out longer ago than the grace period.
    """

    def __init__(self, reason: str, *, reused: bool = False) -> None:
        super().__init__(reason)
        self.reused = reused


@dataclass(slots=True)
class _RefreshToken:
    session_id: str
    rotated_at: float | None = None


def is_signed_token(token: str) -> bool:
    """Return whether a token has the three parts of an access or ID token."""
    return token.count(".") == 2  # noqa: PLR2004 - a JWS in compact form (RFC 7515 section 7.1)


class TokenSessions:
    """The sessions of one pool, in memory.

    Args:
        clock: Seconds since the epoch.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._sessions: dict[str, TokenSession] = {}
        self._tokens: dict[str, _RefreshToken] = {}

    def start(
        self,
        client: ClientConfig,
        username: str,
        scopes: tuple[str, ...],
        auth_time: int,
        *,
        by_api: bool,
    ) -> tuple[TokenSession, str]:
        """Return a new session with its first refresh token."""
        session = TokenSession(
            id=str(uuid.uuid4()),
            client_id=client.id,
            username=username,
            scopes=scopes,
            by_api=by_api,
            auth_time=auth_time,
            expires_at=self._clock() + client.refresh_token_seconds,
        )
        with self._lock:
            self._forget_old()
            self._sessions[session.id] = session
            return session, self._new_token(session)

    def session_of(self, token: str, client: ClientConfig) -> TokenSession:
        """Return the session that a client may prolong with this refresh token.

        Raises:
            RefreshRefused: Unknown, revoked, expired, another client's, or used again too late.
        """
        with self._lock:
            return self._checked(token, client)[0]

    def rotate(self, token: str, client: ClientConfig) -> str | None:
        """Take a refresh token out of use and give its successor, as long-lived as the session.

        Returns:
            None if the client has no rotation: the token stays good.

        Raises:
            RefreshRefused: As `session_of`.
        """
        with self._lock:
            session, record = self._checked(token, client)
            if client.rotation_grace_seconds is None:
                return None
            if record.rotated_at is None:
                record.rotated_at = self._clock()
            return self._new_token(session)

    def client_of(self, token: str) -> str | None:
        """Return the id of a refresh token's client; None if there is no such token."""
        with self._lock:
            record = self._tokens.get(token)
            session = self._sessions.get(record.session_id) if record else None
        return session.client_id if session else None

    def revoke(self, token: str) -> None:
        """End the session of a refresh token, if there is one."""
        with self._lock:
            record = self._tokens.get(token)
            if record:
                self._end(record.session_id)

    def sign_out(self, username: str) -> None:
        """End all sessions of a person."""
        with self._lock:
            for session in list(self._sessions.values()):
                if session.username == username:
                    self._end(session.id)

    def is_live(self, session_id: object) -> bool:
        """Return whether tokens with this `origin_jti` are still accepted by Cognito's own API."""
        with self._lock:
            return session_id in self._sessions

    def _checked(self, token: str, client: ClientConfig) -> tuple[TokenSession, _RefreshToken]:
        record = self._tokens.get(token)
        session = self._sessions.get(record.session_id) if record else None
        if record is None or session is None or session.client_id != client.id:
            raise RefreshRefused("Invalid Refresh Token")
        now = self._clock()
        if now >= session.expires_at:
            raise RefreshRefused("Refresh Token has expired")
        if record.rotated_at is not None:
            grace_seconds = client.rotation_grace_seconds or 0
            if now >= record.rotated_at + grace_seconds:
                self._end(session.id)
                raise RefreshRefused("Refresh Token has been used again", reused=True)
        return session, record

    def _new_token(self, session: TokenSession) -> str:
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        self._tokens[token] = _RefreshToken(session.id)
        return token

    def _end(self, session_id: str) -> None:
        self._sessions.pop(session_id, None)
        self._drop_orphans()

    def _forget_old(self) -> None:
        oldest = self._clock() - _LONGEST_ACCESS_SECONDS
        old = [key for key, session in self._sessions.items() if session.expires_at < oldest]
        for key in old:
            del self._sessions[key]
        if old:
            self._drop_orphans()

    def _drop_orphans(self) -> None:
        self._tokens = {
            token: record
            for token, record in self._tokens.items()
            if record.session_id in self._sessions
        }
