"""URL -> status and body, or no answer. The only user of the network.

A request has one deadline for everything, DNS, TLS and a second try included, because a socket's
time-out bounds a single read and a dripping server makes many. No redirect is followed.
"""

import http.client
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from socket import SHUT_RDWR, gaierror
from typing import Final, Literal
from urllib.parse import SplitResult, urlencode, urlsplit

from jwt_verifier import trust
from jwt_verifier.user_agent import USER_AGENT

MAX_BODY_BYTES: Final = 150_000
"""API Gateway's own limit for a JWKS (HTTP API quotas)."""

HTTP_OK: Final = 200

_DROPPED: Final = (
    ConnectionError,
    gaierror,
    ssl.SSLEOFError,
    ssl.SSLZeroReturnError,
    http.client.IncompleteRead,
)
"""What a second try may well mend: a connection that broke off, or a name not resolved just now."""


class NoAnswer(Exception):
    """The server gave no answer that can be used; the message may be logged.

    Attributes:
        reason: "timeout", "no_answer", "encoded_body" or "body_too_large".
    """

    def __init__(
        self,
        words: str,
        reason: Literal["timeout", "no_answer", "encoded_body", "body_too_large"],
    ) -> None:
        super().__init__(words)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; the body of another status than 200 only if it was asked for."""

    status: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask for.

    Attributes:
        url: http or https; see `urls.is_safe_url`.
        form: fields to POST; None to GET.
        content: what to POST as it is, in the form's place; its type stands in the headers. It is
            asked once more like a GET, so it must be a question alone.
        headers: further headers.
        max_body_bytes: of an answer's body.
        read_errors: whether to read the body of another status than 200 too.
    """

    url: str
    form: Mapping[str, str] | None = field(default=None, repr=False)
    content: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    max_body_bytes: int = MAX_BODY_BYTES
    read_errors: bool = False


def ask(request: Request, timeout_seconds: float) -> Answer:
    """Return the answer. A question whose connection was dropped is asked once more.

    Args:
        request: what to ask for.
        timeout_seconds: for all of it.

    Raises:
        NoAnswer: none in time, too much of it, or an encoded body, which we never asked for.
    """
    return _Exchange(request, timeout_seconds).run()


class _Exchange:
    """One request: its tries share one deadline, and passing it cuts their connections."""

    def __init__(self, request: Request, timeout_seconds: float) -> None:
        self._request = request
        self._timeout_seconds = timeout_seconds
        self._given_up = threading.Event()
        self._connection: http.client.HTTPConnection | None = None

    def run(self) -> Answer:
        """Ask in a thread, or raise NoAnswer when the deadline has passed."""
        outcome: SimpleQueue[Answer | BaseException] = SimpleQueue()

        def attempt() -> None:
            try:
                outcome.put(self._ask())
            except BaseException as error:  # noqa: BLE001  # raised again in the waiting thread
                outcome.put(error)

        threading.Thread(target=attempt, daemon=True).start()
        try:
            result = outcome.get(timeout=self._timeout_seconds)
        except Empty:
            self._give_up()
            raise self._took_too_long() from None
        if isinstance(result, BaseException):
            raise result
        return result

    def _ask(self) -> Answer:
        parts = urlsplit(self._request.url)
        try:
            try:
                return self._exchange(parts)
            except _DROPPED:
                if self._request.form is not None:  # a form may have been taken
                    raise
                return self._exchange(parts)
        except TimeoutError:
            # The socket's own time-out is as long as the deadline, and may be the first to notice.
            raise self._took_too_long() from None
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise NoAnswer(f"no answer: {type(error).__name__}", "no_answer") from None

    def _exchange(self, parts: SplitResult) -> Answer:
        try:
            return self._exchange_trusting(parts, trust.first_store)
        except ssl.SSLCertVerificationError as error:
            # It ends the handshake, so nothing has been asked: a form may be sent now.
            if not trust.may_trust(error):
                raise
            return self._exchange_trusting(parts, trust.system_store)

    def _exchange_trusting(self, parts: SplitResult, store: Callable[[], ssl.SSLContext]) -> Answer:
        self._check_not_given_up()
        connection = self._connection = self._open(parts, store)
        try:
            # Connected first, and asked only then: from here on giving up finds a socket to cut.
            connection.connect()
            self._check_not_given_up()
            self._send(connection, parts)
            with connection.getresponse() as response:
                return self._answer(response)
        finally:
            connection.close()

    def _send(self, connection: http.client.HTTPConnection, parts: SplitResult) -> None:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {
            "accept": "application/json",
            "user-agent": USER_AGENT,
            **self._request.headers,
        }
        if self._request.form is None:
            content = self._request.content
            connection.request("GET" if content is None else "POST", target, content, headers)
            return
        headers["content-type"] = "application/x-www-form-urlencoded"
        connection.request("POST", target, urlencode(self._request.form), headers)

    def _answer(self, response: http.client.HTTPResponse) -> Answer:
        if response.status != HTTP_OK and not self._request.read_errors:
            return Answer(response.status, b"")
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise NoAnswer("answered with an encoded body", "encoded_body")
        most = self._request.max_body_bytes
        body = response.read(most + 1)
        if len(body) > most:
            raise NoAnswer(f"answered more than {most} bytes", "body_too_large")
        if response.length:  # what the server had announced and did not send
            raise http.client.IncompleteRead(body)
        return Answer(response.status, body)

    def _open(
        self, parts: SplitResult, store: Callable[[], ssl.SSLContext]
    ) -> http.client.HTTPConnection:
        host, timeout = parts.hostname or "", self._timeout_seconds
        if parts.scheme == "https":
            return http.client.HTTPSConnection(host, parts.port, timeout=timeout, context=store())
        return http.client.HTTPConnection(host, parts.port, timeout=timeout)

    def _check_not_given_up(self) -> None:
        if self._given_up.is_set():
            raise self._took_too_long()

    def _give_up(self) -> None:
        self._given_up.set()
        socket = self._connection.sock if self._connection else None
        if socket is not None:
            with suppress(OSError):  # the other side may have been faster
                socket.shutdown(SHUT_RDWR)

    def _took_too_long(self) -> NoAnswer:
        return NoAnswer(f"no answer within {self._timeout_seconds:g} s", "timeout")
