"""URL -> status and body, or no answer. The only user of the network besides AWS's SDK.

A request has one deadline for everything, DNS and TLS included, because a socket's time-out bounds
a single read and a dripping server makes many. One try, no redirect, no encoded body.
"""

import http.client
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from queue import Empty, SimpleQueue
from socket import SHUT_RDWR
from typing import Final
from urllib.parse import urlencode, urlsplit

from jwt_verifier.user_agent import USER_AGENT
from session.errors import Unavailable

MAX_BODY_BYTES: Final = 150_000
TIMEOUT_SECONDS: Final = 4.0
"""A page that tries again after `Retry-After` is still within Cognito's ten seconds of grace for a
refresh token that was rotated out by an answer which never came."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said."""

    status: int
    body: bytes = field(repr=False)


class Web:
    """Asks the issuer.

    Args:
        timeout_seconds: For one whole request.
    """

    def __init__(self, timeout_seconds: float) -> None:
        self._timeout_seconds = timeout_seconds

    def ask(
        self,
        url: str,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """GET a URL, or POST a form to it, with further headers if there are any.

        Raises:
            Unavailable: No answer in time, more than 150,000 bytes, or an encoded body.
        """
        return _Exchange(url, form, headers or {}, self._timeout_seconds).run()


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Exchange:
    """One request: passing the deadline cuts its connection."""

    def __init__(
        self,
        url: str,
        form: Mapping[str, str] | None,
        headers: Mapping[str, str],
        timeout_seconds: float,
    ) -> None:
        self._parts = urlsplit(url)
        self._form = form
        self._headers = headers
        self._timeout_seconds = timeout_seconds
        self._given_up = threading.Event()
        self._connection = self._open()

    def run(self) -> Answer:
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
            raise Unavailable(
                f"no answer within {self._timeout_seconds} s", "issuer_timeout"
            ) from None
        if isinstance(result, BaseException):
            raise result
        return result

    def _open(self) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "https":
            return http.client.HTTPSConnection(
                host, port, timeout=self._timeout_seconds, context=_tls()
            )
        return http.client.HTTPConnection(host, port, timeout=self._timeout_seconds)

    def _ask(self) -> Answer:
        try:
            # Connected first, and asked only then: from here on giving up finds a socket to cut.
            self._connection.connect()
            if self._given_up.is_set():
                raise Unavailable("given up", "issuer_timeout")
            self._send()
            with self._connection.getresponse() as response:
                return Answer(response.status, _body(response))
        except TimeoutError:
            # The socket's own time-out is as long as the deadline, and may be the first to notice.
            raise Unavailable("a read took too long", "issuer_timeout") from None
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise Unavailable(f"no answer: {type(error).__name__}", "issuer_no_answer") from None
        finally:
            self._connection.close()

    def _send(self) -> None:
        parts = self._parts
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {**self._headers, "accept": "application/json", "user-agent": USER_AGENT}
        if self._form is None:
            self._connection.request("GET", target, headers=headers)
            return
        headers["content-type"] = "application/x-www-form-urlencoded"
        self._connection.request("POST", target, urlencode(self._form), headers)

    def _give_up(self) -> None:
        self._given_up.set()
        socket = self._connection.sock
        if socket is not None:
            with suppress(OSError):  # the other side may have been faster
                socket.shutdown(SHUT_RDWR)


def _body(response: http.client.HTTPResponse) -> bytes:
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise Unavailable("answered with an encoded body", "issuer_encoded_body")
    body = response.read(MAX_BODY_BYTES + 1)
    if len(body) > MAX_BODY_BYTES:
        raise Unavailable(f"answered more than {MAX_BODY_BYTES} bytes", "issuer_body_too_large")
    return body
