"""Which URLs keys may be fetched from, tokens sent to and browsers sent to. Pure."""

import re
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

_URL: Final = re.compile(
    r"(?i:https?)://(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
    r"(?:[/?][A-Za-z0-9._~:/?@!$&'()*+,;=%-]*)?",
    re.ASCII,
)
"""A URL of RFC 3986 without user name and fragment, and with nothing that readers of URLs are known
to disagree about: white space, control characters, backslashes, letters beyond ASCII."""


_VISIBLE_ASCII: Final = re.compile(r"[!-~]+")


def is_visible_ascii(text: str) -> bool:
    """Return whether it holds nothing but visible ASCII characters."""
    return _VISIBLE_ASCII.fullmatch(text) is not None


def is_safe_url(url: object, *, plain_http: bool = False) -> bool:
    """Return whether it is an https URL, or an http URL of a loopback host.

    Args:
        url: what may be one.
        plain_http: whether an http URL of any other host will do too.
    """
    if not isinstance(url, str) or not _URL.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    return port != 0 and (parts.scheme == "https" or plain_http or is_loopback_host(host))


def is_loopback_host(host: str) -> bool:
    """Return whether a URL's host is this machine (RFC 6761 section 6.3, RFC 1122 3.2.1.3)."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def origin_of(url: str) -> str:
    """Return the origin of a safe URL, as `https://host:port` (RFC 6454 section 6.2)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
