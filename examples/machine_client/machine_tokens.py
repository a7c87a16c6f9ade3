"""Client id and secret -> an access token, asked for as seldom as can be. Standard library only.

For a Cognito app client and for our own issuer alike: both speak RFC 6749 section 4.4. Cognito
bills each machine token, some 2,000 times what the gateway takes for a request; a token a request
is also what both rate limits are there to stop.
"""

import base64
import http.client
import json
import random
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote_plus, urlencode, urlsplit

RENEW_BEFORE_SECONDS: Final = 60.0
"""How long before its end a token is replaced: clocks differ, and requests take time."""

SHORTEST_PAUSE_SECONDS: Final = 1.0
LONGEST_PAUSE_SECONDS: Final = 60.0
ANSWER_SECONDS: Final = 15.0
MAX_ANSWER_BYTES: Final = 100_000
LONGEST_ERROR_CHARACTERS: Final = 200
LOOPBACK: Final = "127.0.0.1"

Clock = Callable[[], float]
"""Returns seconds that only grow."""


class NoToken(Exception):
    """There is no token now; the message says why, and never holds the secret."""


@dataclass(frozen=True, slots=True)
class MachineClient:
    """Who asks, where, and for what.

    Attributes:
        token_url: The token endpoint: https, or http on this machine.
        client_id: The client's id.
        client_secret: Its secret.
        scopes: What to ask for; none means all that the client may have.
    """

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scopes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an address that would show the secret to the network.

        Raises:
            ValueError: Naming the field and the fix.
        """
        url = urlsplit(self.token_url)
        if url.scheme != "https" and (url.scheme, url.hostname) != ("http", LOOPBACK):
            raise ValueError(f"token_url: {self.token_url!r}; give an https URL")


@dataclass(frozen=True, slots=True)
class _Token:
    text: str = field(repr=False)
    renew_at: float
    expires_at: float


class MachineTokens:
    """Keeps one token; safe for threads, of which one asks while the others wait for it."""

    def __init__(self, client: MachineClient, *, clock: Clock = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._asking = threading.Lock()
        self._token: _Token | None = None
        self._failures = 0
        self._failure = ""
        self._ask_again_at = 0.0

    def get(self) -> str:
        """An access token that is good for a while.

        Raises:
            NoToken: None could be had, or it is too early to ask again after a failure.
        """
        token = self._token
        if token is None or self._clock() >= token.renew_at:
            with self._asking:
                token = self._renewed()
        return token.text

    def forget(self, text: str) -> None:
        """Drop a token that an API has answered with 401, unless there is a newer one already."""
        with self._asking:
            if self._token is not None and self._token.text == text:
                self._token = None

    def _renewed(self) -> _Token:
        """The token that another thread has just got, or a new one. Only with the lock held."""
        now, token = self._clock(), self._token
        if token is not None and now < token.renew_at:
            return token
        if self._failures == 0 or now >= self._ask_again_at:
            try:
                token = self._token = _asked(self._client, now)
            except _Refused as refusal:
                self._note(refusal)
            else:
                self._failures = 0
                return token
        if token is not None and now < token.expires_at:
            return token  # the old one is good enough until the issuer is back
        wait = max(self._ask_again_at - now, 0)
        raise NoToken(f"{self._failure}; not asking again for {wait:.0f} s")

    def _note(self, refusal: "_Refused") -> None:
        """Wait twice as long after each failure, and never exactly as long as everybody else."""
        ceiling = min(SHORTEST_PAUSE_SECONDS * 2.0**self._failures, LONGEST_PAUSE_SECONDS)
        pause = max(random.uniform(ceiling / 2, ceiling), refusal.retry_after_seconds)
        self._failures = min(self._failures + 1, 10)
        self._failure = str(refusal)
        self._ask_again_at = self._clock() + pause


class _Refused(Exception):
    def __init__(self, message: str, retry_after_seconds: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


def _asked(client: MachineClient, now: float) -> _Token:
    """Ask once. The lifetime counts from before the question: an answer takes its time."""
    form = {"grant_type": "client_credentials"}
    if client.scopes:
        form["scope"] = " ".join(client.scopes)
    pair = f"{quote_plus(client.client_id)}:{quote_plus(client.client_secret)}"
    request = urllib.request.Request(  # noqa: S310  # MachineClient has checked the scheme
        client.token_url,
        urlencode(form).encode(),
        {
            "authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
            "content-type": "application/x-www-form-urlencoded",
            "accept": "application/json",
        },
    )
    try:
        with opener_of(client.token_url).open(request, timeout=ANSWER_SECONDS) as response:
            answer = json.loads(response.read(MAX_ANSWER_BYTES))
    except urllib.error.HTTPError as error:
        with error:
            raise _Refused(_reason(error), _retry_after(error)) from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise _Refused(f"the token endpoint does not answer: {type(error).__name__}") from None
    return _token(answer, now)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the secret to wherever it points."""

    def redirect_request(self, *_: object) -> None:
        """Follow none: the answer itself becomes the error."""


def opener_of(url: str) -> urllib.request.OpenerDirector:
    """What sends a secret or a token to this URL: it follows no redirect.

    It goes through the environment's proxy, but never to one with what is for this machine.
    """
    handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
    if urlsplit(url).hostname == LOOPBACK:
        handlers.append(urllib.request.ProxyHandler({}))
    return urllib.request.build_opener(*handlers)


def _token(answer: object, now: float) -> _Token:
    fields = answer if isinstance(answer, dict) else {}
    text, seconds = fields.get("access_token"), fields.get("expires_in")
    if not isinstance(text, str) or not text or type(seconds) is not int or seconds <= 0:
        raise _Refused("the token endpoint answers without access_token or expires_in")
    # A token that lives shorter than twice the margin is kept for half of its life.
    margin = min(RENEW_BEFORE_SECONDS, seconds / 2)
    return _Token(text, now + seconds - margin, now + seconds)


def _reason(error: urllib.error.HTTPError) -> str:
    try:
        answer = json.loads(error.read(MAX_ANSWER_BYTES))
        code = str(answer["error"])
    except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException):
        code = "no RFC 6749 error"
    return f"the token endpoint answers {error.code}: {code[:LONGEST_ERROR_CHARACTERS]}"


def _retry_after(error: urllib.error.HTTPError) -> float:
    """Seconds of a Retry-After header, within reason; a date counts as none."""
    text = error.headers.get("retry-after", "")
    return min(float(text), LONGEST_PAUSE_SECONDS) if text.isascii() and text.isdigit() else 0.0
