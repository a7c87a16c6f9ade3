"""A browser's cookie -> the person who signed in with it, for one hour, at every client of a pool.

The cookie is a random name for what is kept here; it says nothing by itself.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

SESSION_SECONDS = 3600
"""How long Cognito's own cookie lasts, for everybody (Amazon Cognito, "Managed login")."""

_NAME_BYTES = 32


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """Who signed in, to which pool, and when in seconds since the epoch."""

    pool_id: str
    username: str
    auth_time: int


class BrowserSessions:
    """The sessions of all browsers, in memory.

    Args:
        clock: Seconds since the epoch.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._sessions: dict[str, BrowserSession] = {}

    def start(self, pool_id: str, username: str) -> tuple[str, BrowserSession]:
        """Return a new session, with its cookie's value."""
        now = int(self._clock())
        name = secrets.token_urlsafe(_NAME_BYTES)
        session = BrowserSession(pool_id, username, now)
        with self._lock:
            self._sessions = {
                kept: known for kept, known in self._sessions.items() if self._is_live(known)
            }
            self._sessions[name] = session
        return name, session

    def find(self, name: str | None, pool_id: str) -> BrowserSession | None:
        """Return the session behind a cookie, if it is this pool's and not over."""
        with self._lock:
            session = self._sessions.get(name or "")
        if session is None or session.pool_id != pool_id or not self._is_live(session):
            return None
        return session

    def end(self, name: str | None) -> None:
        """Forget a session."""
        with self._lock:
            self._sessions.pop(name or "", None)

    def _is_live(self, session: BrowserSession) -> bool:
        return self._clock() < session.auth_time + SESSION_SECONDS
