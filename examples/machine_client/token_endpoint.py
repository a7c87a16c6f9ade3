"""Client id and secret -> one answer of a token endpoint (RFC 6749 section 4.4), within a limit.

Standard library only.
"""

import base64
import http.client
import json
import socket
import threading
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import quote_plus, urlencode, urlsplit

ANSWER_SECONDS: Final = 15.0
"""For the whole answer, however it comes."""

MAX_ANSWER_BYTES: Final = 100_000
LONGEST_ERROR_CHARACTERS: Final = 200
LONGEST_RETRY_AFTER_SECONDS: Final = 3_600.0
LOOPBACK: Final = "127.0.0.1"


class NoToken(Exception):
    """There is no token now; the message says why, and never holds the secret.

    Args:
        message: One line.
        retry_after_seconds: How long the endpoint asks to wait, at most an hour; 0 if it does not.
    """

    def __init__(self, message: str, retry_after_seconds: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class EndpointUnreachable(NoToken):
    """The token endpoint does not answer, or not within the limit."""


class RequestRefused(NoToken):
    """The token endpoint answers with an error; the message has its status and RFC 6749's code."""


class AnswerInvalid(NoToken):
    """The answer has no access token and lifetime that can be read."""


class TokenTypeUnsupported(NoToken):
    """The token is not a bearer token, and must not be used as one (RFC 6749 section 7.1)."""


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
class Issued:
    """A token and how long it lives, in seconds."""

    token: str = field(repr=False)
    lifetime_seconds: int


def ask(client: MachineClient, limit_seconds: float = ANSWER_SECONDS) -> Issued:
    """Ask once.

    Args:
        client: Who asks.
        limit_seconds: For the whole answer.

    Raises:
        NoToken: One of its kinds, for every way in which this can fail.
    """
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
    limit = _Limit()
    timer = threading.Timer(limit_seconds, limit.cut)
    timer.daemon = True
    timer.start()
    try:
        opener = opener_of(client.token_url, *_handlers(limit, limit_seconds))
        with opener.open(request) as response:
            body = response.read(MAX_ANSWER_BYTES)
        if limit.passed:
            raise TimeoutError
    except urllib.error.HTTPError as error:
        with error:
            raise RequestRefused(_reason(error), _retry_after(error)) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        late = f"not within {limit_seconds:g} s" if limit.passed else type(error).__name__
        raise EndpointUnreachable(f"the token endpoint does not answer: {late}") from None
    finally:
        timer.cancel()
    return _issued(body)


class _Limit:
    """Ends the connections of one question when its time is over."""

    def __init__(self) -> None:
        self.passed = False
        self._sockets: list[socket.socket] = []

    def watch(self, connected: socket.socket) -> None:
        self._sockets.append(connected)
        if self.passed:
            self.cut()

    def cut(self) -> None:
        self.passed = True
        for connected in self._sockets:
            with suppress(OSError):
                connected.shutdown(socket.SHUT_RDWR)


def _handlers(limit: _Limit, seconds: float) -> tuple[urllib.request.BaseHandler, ...]:
    """Return handlers whose connections end at the limit."""

    class Http(http.client.HTTPConnection):
        def connect(self) -> None:
            self.timeout = seconds
            super().connect()
            limit.watch(self.sock)

    class Https(http.client.HTTPSConnection):
        def connect(self) -> None:
            self.timeout = seconds
            super().connect()
            limit.watch(self.sock)

    class HttpHandler(urllib.request.HTTPHandler):
        def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(Http, request)

    class HttpsHandler(urllib.request.HTTPSHandler):
        def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(Https, request)

    return HttpHandler(), HttpsHandler()


def opener_of(url: str, *handlers: urllib.request.BaseHandler) -> urllib.request.OpenerDirector:
    """Return an opener for requests that carry a secret or a token: it follows no redirect.

    It goes through the environment's proxy, but never to one with what is for this machine.
    """
    direct = (urllib.request.ProxyHandler({}),) if urlsplit(url).hostname == LOOPBACK else ()
    return urllib.request.build_opener(_NoRedirect(), *direct, *handlers)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the secret, or a token, to wherever it points."""

    def redirect_request(self, *_: object) -> None:
        """Follow none: the answer itself becomes the error."""


def _issued(body: bytes) -> Issued:
    answer = _json(body)
    fields = answer if isinstance(answer, dict) else {}
    text, seconds = fields.get("access_token"), fields.get("expires_in")
    if not isinstance(text, str) or not text or type(seconds) is not int or seconds <= 0:
        raise AnswerInvalid("the token endpoint answers without access_token or expires_in")
    kind = fields.get("token_type")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise TokenTypeUnsupported(f"token_type is {kind!r:.40}, only Bearer is supported")
    return Issued(text, seconds)


def _json(body: bytes) -> Any:  # noqa: ANN401  # any JSON value
    """Parse a JSON text; return None if it is not JSON or is nested too deeply."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _reason(error: urllib.error.HTTPError) -> str:
    try:
        answer = _json(error.read(MAX_ANSWER_BYTES))
    except (OSError, http.client.HTTPException):
        answer = None
    code = answer.get("error") if isinstance(answer, dict) else None
    said = code if isinstance(code, str) else "no RFC 6749 error"
    return f"the token endpoint answers {error.code}: {said[:LONGEST_ERROR_CHARACTERS]}"


def _retry_after(error: urllib.error.HTTPError) -> float:
    """Read the seconds of a Retry-After header, a number or a date (RFC 9110 section 10.2.3)."""
    text = error.headers.get("retry-after", "")
    if text.isascii() and text.isdigit():
        seconds = float(text)
    else:
        try:
            at = parsedate_to_datetime(text)
        except ValueError:
            return 0.0
        seconds = (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER_SECONDS)
