"""A loopback URL -> its body, within the limits that API Gateway sets for key documents."""

import http.client
import ipaddress
from urllib.parse import urlsplit

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
    connection = http.client.HTTPConnection(parts.netloc, timeout=FETCH_SECONDS)
    try:
        connection.request("GET", parts.path or "/")
        response = connection.getresponse()
        body = response.read(MAX_DOCUMENT_BYTES + 1)
    except (OSError, http.client.HTTPException) as error:
        raise FetchFailed(f"{url}: {error}") from error
    finally:
        connection.close()
    if response.status != _OK:
        raise FetchFailed(f"{url} answers {response.status}")
    if len(body) > MAX_DOCUMENT_BYTES:
        raise FetchFailed(f"{url} is larger than {MAX_DOCUMENT_BYTES} bytes")
    return body


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
