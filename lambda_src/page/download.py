"""A URL -> what stands there, within a time and a size. The only user of the network.

One deadline holds for everything, DNS and TLS included: a socket's time-out bounds a single read,
and a dripping server makes many. Passing it cuts the connection. Redirects are not followed.
"""

import http.client
import ssl
import threading
from contextlib import suppress
from functools import cache
from queue import Empty, SimpleQueue
from socket import SHUT_RDWR
from typing import Final
from urllib.parse import urlsplit

from jwt_verifier.user_agent import USER_AGENT
from page.errors import IssuerUnavailable

_HTTP_OK: Final = 200


def download(url: str, *, timeout_seconds: float, max_bytes: int) -> bytes:
    """The body of a 200 answer.

    Args:
        url: http or https.
        timeout_seconds: For all of it.
        max_bytes: Of the body.

    Raises:
        IssuerUnavailable: No answer in time, not 200, an encoded body, or too much of it.
    """
    return _Exchange(url, timeout_seconds, max_bytes).run()


class _Exchange:
    """One request, which can be given up from another thread."""

    def __init__(self, url: str, timeout_seconds: float, max_bytes: int) -> None:
        self._parts = urlsplit(url)
        self._timeout_seconds = timeout_seconds
        self._max_bytes = max_bytes
        self._given_up = threading.Event()
        self._connection = self._open()

    def run(self) -> bytes:
        outcome: SimpleQueue[bytes | BaseException] = SimpleQueue()

        def attempt() -> None:
            try:
                outcome.put(self._get())
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

    def _open(self) -> http.client.HTTPConnection:
        host, port, timeout = self._parts.hostname or "", self._parts.port, self._timeout_seconds
        if self._parts.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=timeout, context=_tls())
        return http.client.HTTPConnection(host, port, timeout=timeout)

    def _get(self) -> bytes:
        parts = self._parts
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            # Connected first, and asked only then: from here on giving up finds a socket to cut.
            self._connection.connect()
            if self._given_up.is_set():
                raise self._took_too_long()
            self._connection.request(
                "GET", target, headers={"accept": "application/json", "user-agent": USER_AGENT}
            )
            with self._connection.getresponse() as response:
                return _body(response, self._max_bytes)
        except TimeoutError:
            # The socket's own time-out is as long as the deadline, and may be the first to notice.
            raise self._took_too_long() from None
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise IssuerUnavailable(f"it did not answer ({type(error).__name__})") from None
        finally:
            self._connection.close()

    def _give_up(self) -> None:
        self._given_up.set()
        socket = self._connection.sock
        if socket is not None:
            with suppress(OSError):  # the other side may have been faster
                socket.shutdown(SHUT_RDWR)

    def _took_too_long(self) -> IssuerUnavailable:
        return IssuerUnavailable(f"it did not answer within {self._timeout_seconds:g} s")


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _body(response: http.client.HTTPResponse, max_bytes: int) -> bytes:
    if response.status != _HTTP_OK:
        raise IssuerUnavailable(f"it answered {response.status}")
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise IssuerUnavailable("it answered with an encoded body")
    body = response.read(max_bytes + 1)
    if len(body) > max_bytes:
        raise IssuerUnavailable(f"it answered with more than {max_bytes} bytes")
    return body
