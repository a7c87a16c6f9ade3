"""A URL -> whether a browser may be sent there, and the origin that a policy names. Pure."""

import re
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

_URL: Final = re.compile(
    r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::[0-9]{1,5})?"
    r"(?:[/?][A-Za-z0-9._~:/?@!$&()*+=%-]*)?",
    re.ASCII,
)
"""Without what would end a source in a Content-Security-Policy: space, comma, semicolon, quote."""


def is_safe_url(url: object) -> bool:
    """Whether it is an https URL, or http on this machine, without user name and fragment."""
    if not isinstance(url, str) or not _URL.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    return parts.scheme == "https" or _is_loopback(host)


def origin_of(url: str) -> str:
    """The origin of a safe URL, "https://host:port", as a policy's source list has it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
