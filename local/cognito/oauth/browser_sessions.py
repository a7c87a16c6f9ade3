"""A browser's cookie -> the person who signed in with it, for one hour, at every client of a pool.

The cookie is a random name for what is kept here; it says nothing by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass

from local.cognito.waiting import Waiting

SESSION_SECONDS = 3600
"""How long Cognito's own cookie lasts, for everybody (Amazon Cognito, "Managed login")."""


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
        self._sessions = Waiting[BrowserSession](clock)

    def start(self, pool_id: str, username: str) -> tuple[str, BrowserSession]:
        """Return a new session, with its cookie's value."""
        session = BrowserSession(pool_id, username, int(self._clock()))
        return self._sessions.add(session, SESSION_SECONDS), session

    def find(self, name: str | None, pool_id: str) -> BrowserSession | None:
        """Return the session behind a cookie, if it is this pool's and not over."""
        session = self._sessions.find(name or "")
        return session if session and session.pool_id == pool_id else None

    def end(self, name: str | None) -> None:
        """Forget a session."""
        self._sessions.take(name or "")
