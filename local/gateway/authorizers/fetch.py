"""A loopback URL -> its body, within the limits that API Gateway sets for key documents."""

import http.client
import ipaddress
from urllib.parse import urlsplit

from local.gateway.deadline import Late, within

FETCH_SECONDS = 1.5
MAX_DOCUMENT_BYTES = 150_000
"""API Gateway quotas: discovery and JWKS time-outs, and the size of a JWKS."""

_OK = 200


class FetchFailed(Exception):
    """No usable answer; the message says why."""


def fetch(url: str) -> bytes:
    """GET a document.

    Raises:
        FetchFailed: Unreachable, slow, too large, not 200, or not on loopback.
    """
    parts = urlsplit(url)
    if parts.scheme != "http" or not _is_loopback(parts.hostname or ""):
        raise FetchFailed(f"{url} is not on loopback")
    try:
        status, body = within(FETCH_SECONDS, lambda: _get(parts.netloc, parts.path or "/"))
    except (OSError, http.client.HTTPException, Late) as error:
        raise FetchFailed(f"{url}: {error}") from error
    if status != _OK:
        raise FetchFailed(f"{url} answers {status}")
    if len(body) > MAX_DOCUMENT_BYTES:
        raise FetchFailed(f"{url} is larger than {MAX_DOCUMENT_BYTES} bytes")
    return body


def _get(netloc: str, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(netloc, timeout=FETCH_SECONDS)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read(MAX_DOCUMENT_BYTES + 1)
    finally:
        connection.close()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
