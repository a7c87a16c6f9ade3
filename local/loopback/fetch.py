"""A loopback URL -> what it answers, within a time and a size; no redirect is followed."""

import http.client
import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from urllib.parse import urlencode, urlsplit

from local.json_value import JsonObject
from local.loopback.deadline import DeadlineExceeded, run_with_deadline

FETCH_SECONDS = 1.5
MAX_DOCUMENT_BYTES = 150_000
"""API Gateway quotas: discovery and JWKS time-outs, and the size of a JWKS."""

OK = 200
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Message
    body: bytes

    def header(self, name: str) -> str:
        """Return the first header of this name; "" without one."""
        return str(self.headers.get(name, ""))


class FetchFailed(Exception):
    """No usable answer; the message says why."""


def fetch(url: str) -> bytes:
    """GET a document.

    Raises:
        FetchFailed: Unreachable, slow, too large, not 200, or not on loopback.
    """
    status, body = send("GET", url, seconds=FETCH_SECONDS)
    if status != OK:
        raise FetchFailed(f"{url} answers {status}")
    return body


def send(
    method: str,
    url: str,
    *,
    seconds: float,
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
) -> tuple[int, bytes]:
    """Send a request.

    Args:
        method: GET or POST.
        url: On loopback, by http.
        seconds: How long all of it may take.
        headers: Of the request.
        form: What to post.

    Returns:
        Status and body.

    Raises:
        FetchFailed: Unreachable, slow, too large, or not on loopback.
    """
    if not is_on_loopback(url):
        raise FetchFailed(f"{url} is not on loopback")
    return _sent(method, url, seconds=seconds, headers=headers, form=form)


def fetch_published(url: str) -> bytes:
    """GET what an issuer publishes, wherever it is: by https, or by http on this machine.

    Raises:
        FetchFailed: Unreachable, slow, too large, not 200, or by http from another machine.
    """
    if urlsplit(url).scheme != "https":
        return fetch(url)
    status, body = _sent("GET", url, seconds=FETCH_SECONDS)
    if status != OK:
        raise FetchFailed(f"{url} answers {status}")
    return body


def _sent(
    method: str,
    url: str,
    *,
    seconds: float,
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
) -> tuple[int, bytes]:
    try:
        answer = run_with_deadline(
            seconds, lambda: ask(method, url, seconds=seconds, headers=headers, form=form)
        )
    except (OSError, http.client.HTTPException, DeadlineExceeded, UnicodeError) as error:
        raise FetchFailed(f"{url}: {error}") from error
    if len(answer.body) > MAX_DOCUMENT_BYTES:
        raise FetchFailed(f"{url} is larger than {MAX_DOCUMENT_BYTES} bytes")
    return answer.status, answer.body


def json_object(body: bytes) -> JsonObject:
    """Return the JSON object that a body is.

    Raises:
        FetchFailed: It is something else.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise FetchFailed("no JSON") from None
    if not isinstance(document, dict):
        raise FetchFailed("no JSON object")
    return document


def is_on_loopback(url: str) -> bool:
    """Return whether a URL is http to this machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    return parts.scheme == "http" and _is_loopback(host)


def ask(
    method: str,
    url: str,
    *,
    seconds: float,
    headers: Mapping[str, str] | None = None,
    body: str | None = None,
    form: Mapping[str, str] | None = None,
) -> Answer:
    """Send a request and read what comes back, up to a little more than the largest document.

    Args:
        method: Of the request.
        url: Where to, by http or https.
        seconds: How long the server may take for its next byte.
        headers: Of the request.
        body: What to send.
        form: What to send as a form, in place of a body.

    Raises:
        OSError: The server is not there or too slow.
        http.client.HTTPException: It does not speak HTTP.
    """
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = {**({"Content-Type": _FORM} if form else {}), **(headers or {})}
    is_secure = parts.scheme == "https"
    connect = http.client.HTTPSConnection if is_secure else http.client.HTTPConnection
    connection = connect(parts.netloc, timeout=seconds)
    try:
        connection.request(method, target, urlencode(form) if form else body, sent)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read(MAX_DOCUMENT_BYTES + 1))
    finally:
        connection.close()


def _is_loopback(host: str) -> bool:
    if host == "localhost":  # never another machine's name (RFC 6761 section 6.3)
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
