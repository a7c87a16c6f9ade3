"""A machine's client -> an access token, asked for as seldom as can be. Standard library only.

For a Cognito app client and for our own issuer alike: both speak RFC 6749 section 4.4. Cognito
bills each machine token, some 2,000 times what the gateway takes for a request; a token a request
is also what both rate limits are there to stop.
"""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from examples.machine_client.token_endpoint import (
    ANSWER_SECONDS,
    EndpointUnreachable,
    MachineClient,
    NoToken,
    ask,
)

RENEW_BEFORE_SECONDS: Final = 60.0
"""How long before its end a token is replaced at the latest: clocks differ, and requests take time.
At the earliest it is twice as long: processes that start together must not renew together."""

SHORTEST_PAUSE_SECONDS: Final = 1.0
LONGEST_PAUSE_SECONDS: Final = 60.0
MOST_DOUBLINGS: Final = 10

Clock = Callable[[], float]
"""Returns seconds that only grow."""

Jitter = Callable[[float, float], float]
"""Returns a number between two."""


class TokensRejected(NoToken):
    """The API answers 401 to new tokens: another one would be refused as well."""


class ElapsedSeconds:
    """Seconds since it was made, by whichever clock says more.

    One of the two stands still while a machine sleeps, and the other may be set back.
    """

    def __init__(self) -> None:
        self._monotonic, self._wall = time.monotonic(), time.time()

    def __call__(self) -> float:
        """Return the seconds."""
        return max(time.monotonic() - self._monotonic, time.time() - self._wall)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str = field(repr=False)
    asked_at: float
    renew_at: float
    expires_at: float


@dataclass(slots=True)
class _Question:
    """One question to the token endpoint, asked in a thread of its own."""

    asked_at: float
    answered: threading.Event = field(default_factory=threading.Event)
    token: _Token | None = None
    failure: NoToken | None = None


class MachineTokens:
    """Keeps one token; safe for threads.

    A token that is good is returned at once, whatever the endpoint does: it is renewed in the
    background. Only without one do callers wait, all for the same answer.

    Args:
        client: Whose tokens.
        clock: The time.
        jitter: What renewals and pauses are spread by.
        limit_seconds: For a whole answer of the endpoint.
    """

    def __init__(
        self,
        client: MachineClient,
        *,
        clock: Clock | None = None,
        jitter: Jitter = random.uniform,
        limit_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._client = client
        self._clock = clock or ElapsedSeconds()
        self._jitter = jitter
        self._limit_seconds = limit_seconds
        self._lock = threading.Lock()
        self._token: _Token | None = None
        self._question: _Question | None = None
        self._failures = 0
        self._forgotten = 0
        self._failure: NoToken = NoToken("no token has been asked for")
        self._ask_again_at = float("-inf")

    def get(self) -> str:
        """Return an access token that is good for a while.

        Raises:
            NoToken: One of its kinds: why there is none, or why it is too early to ask again.
        """
        with self._lock:
            now, token = self._clock(), self._token
            if token and now < token.renew_at:
                return token.text
            question = self._question or self._ask(now)
            if token and now < token.expires_at:
                return token.text
            if question is None:
                wait = self._ask_again_at - now
                raise type(self._failure)(f"{self._failure}; not asking again for {wait:.0f} s")
        if not question.answered.wait(self._limit_seconds):
            raise EndpointUnreachable(
                f"the token endpoint does not answer: not within {self._limit_seconds:g} s"
            )
        if question.token is None:
            raise question.failure or NoToken("the request was abandoned")
        return question.token.text

    def forget(self, text: str) -> None:
        """Drop a token that an API has answered with 401, unless there is a newer one already.

        The first time another token is asked for at once. If the API refuses that one as well, the
        tokens are not what is wrong: each further one is asked for after a longer pause.
        """
        with self._lock:
            now, token = self._clock(), self._token
            if token is None or token.text != text:
                return
            self._token = None
            if now - token.asked_at >= LONGEST_PAUSE_SECONDS:
                self._forgotten = 0
            if self._forgotten:
                self._pause(TokensRejected("the API refuses new tokens"), now, self._forgotten - 1)
            self._forgotten = min(self._forgotten + 1, MOST_DOUBLINGS)

    def _ask(self, now: float) -> _Question | None:
        """Begin to ask, unless it is too early. Only with the lock held."""
        if now < self._ask_again_at:
            return None
        question = self._question = _Question(now)
        threading.Thread(
            target=self._answer, args=(question,), name="token-question", daemon=True
        ).start()
        return question

    def _answer(self, question: _Question) -> None:
        try:
            issued = ask(self._client, self._limit_seconds)
            question.token = self._kept(issued.token, issued.lifetime_seconds, question.asked_at)
        except NoToken as failure:
            question.failure = failure
        finally:
            with self._lock:
                self._conclude(question)
            question.answered.set()

    def _conclude(self, question: _Question) -> None:
        self._question = None
        if question.token:
            self._token, self._failures = question.token, 0
            return
        failure = question.failure or NoToken("requesting a token failed")
        self._pause(failure, self._clock(), self._failures)
        self._failures = min(self._failures + 1, MOST_DOUBLINGS)

    def _kept(self, text: str, seconds: int, asked_at: float) -> _Token:
        """Keep the answer; its lifetime counts from before the request was sent."""
        # A token that lives shorter than four margins is kept for half of its life at least.
        margin = min(RENEW_BEFORE_SECONDS, seconds / 4)
        renew_at = asked_at + seconds - margin - self._jitter(0, margin)
        return _Token(text, asked_at, renew_at, asked_at + seconds)

    def _pause(self, failure: NoToken, now: float, doublings: int) -> None:
        """Wait twice as long after each failure, and never exactly as long as everybody else."""
        ceiling = min(SHORTEST_PAUSE_SECONDS * 2.0**doublings, LONGEST_PAUSE_SECONDS)
        pause = max(self._jitter(ceiling / 2, ceiling), failure.retry_after_seconds)
        self._failure, self._ask_again_at = failure, now + pause
