"""A URL -> what stands there, within a time and a size. The only user of the network.

One deadline holds for everything, DNS and TLS included: a socket's time-out bounds a single read,
and a dripping server makes many. Redirects are not followed.
"""

import http.client
import ssl
import threading
from functools import cache
from queue import Empty, SimpleQueue
from typing import Final
from urllib.parse import SplitResult, urlsplit

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
    outcome: SimpleQueue[bytes | BaseException] = SimpleQueue()

    def attempt() -> None:
        try:
            outcome.put(_get(urlsplit(url), timeout_seconds, max_bytes))
        except BaseException as error:  # noqa: BLE001  # raised again in the waiting thread
            outcome.put(error)

    threading.Thread(target=attempt, daemon=True).start()
    try:
        result = outcome.get(timeout=timeout_seconds)
    except Empty:
        raise IssuerUnavailable(f"it did not answer within {timeout_seconds:g} s") from None
    if isinstance(result, BaseException):
        raise result
    return result


def _get(url: SplitResult, timeout_seconds: float, max_bytes: int) -> bytes:
    connection = _open(url, timeout_seconds)
    try:
        target = (url.path or "/") + (f"?{url.query}" if url.query else "")
        connection.request("GET", target, headers={"accept": "application/json"})
        with connection.getresponse() as response:
            return _body(response, max_bytes)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise IssuerUnavailable(f"it did not answer ({type(error).__name__})") from None
    finally:
        connection.close()


def _open(url: SplitResult, timeout_seconds: float) -> http.client.HTTPConnection:
    host = url.hostname or ""
    if url.scheme == "https":
        return http.client.HTTPSConnection(host, url.port, timeout=timeout_seconds, context=_tls())
    return http.client.HTTPConnection(host, url.port, timeout=timeout_seconds)


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
