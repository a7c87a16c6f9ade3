"""Sign-ins that wait for an answer: who, at which client, until when."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from local.cognito.errors import not_authorized

_SESSION_BYTES = 64


@dataclass(frozen=True, slots=True)
class Challenge:
    """A person who gave a temporary password; `expires_at` is in the clock's seconds."""

    client_id: str
    username: str
    expires_at: float


class Challenges:
    """Hands out sessions and takes each back once.

    Args:
        clock: Seconds since the epoch.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._waiting: dict[str, Challenge] = {}

    def issue(self, client_id: str, username: str, seconds: int) -> str:
        """Return a new session for a person, good for `seconds`."""
        now = self._clock()
        session = secrets.token_urlsafe(_SESSION_BYTES)
        with self._lock:
            self._waiting = {
                kept: challenge
                for kept, challenge in self._waiting.items()
                if challenge.expires_at > now
            }
            self._waiting[session] = Challenge(client_id, username, now + seconds)
        return session

    def find(self, session: str, client_id: str) -> Challenge:
        """Return who waits in a session of this client; the session stays good.

        Raises:
            Refused: The session is unknown, used, another client's or expired.
        """
        with self._lock:
            challenge = self._waiting.get(session)
        return self._checked(challenge, client_id)

    def take(self, session: str, client_id: str) -> Challenge:
        """Return who waits in a session of this client; the session is used up.

        Raises:
            Refused: The session is unknown, used, another client's or expired.
        """
        with self._lock:
            challenge = self._waiting.pop(session, None)
        return self._checked(challenge, client_id)

    def _checked(self, challenge: Challenge | None, client_id: str) -> Challenge:
        if challenge is None or challenge.client_id != client_id:
            raise not_authorized("Invalid session for the user.")
        if challenge.expires_at <= self._clock():
            raise not_authorized("Invalid session for the user, session is expired.")
        return challenge
