"""Which URLs may be asked or visited: https, and http to a loopback host. Pure."""

import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlencode, urlsplit

_URL: Final = re.compile(
    r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
    r"(?:[/?][A-Za-z0-9._~:/?@!$&()*+=%,;'-]*)?",
    re.ASCII,
)
"""Of RFC 3986, without user name and fragment; every reader finds the same host in it."""


def is_safe_url(url: str) -> bool:
    """Whether tokens may travel there."""
    host = _host(url)
    return host is not None and (url.startswith("https://") or _is_loopback(host))


def is_endpoint(url: str, *, is_local: bool) -> bool:
    """Whether an issuer may name it as an endpoint of its own.

    Args:
        url: What it names.
        is_local: Whether the issuer's document is on a loopback host.
    """
    host = _host(url)
    if host is None or not is_safe_url(url):
        return False
    return is_local or not _is_private(host)


def is_loopback_url(url: str) -> bool:
    """Whether it is on this machine."""
    return _is_loopback(_host(url) or "")


def with_query(url: str, parameters: Mapping[str, str]) -> str:
    """The URL with further parameters; its own stay (RFC 6749 section 3.1)."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode(parameters)}"


def _host(url: str) -> str | None:
    if not _URL.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        return None
    return parts.hostname


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _is_private(host: str) -> bool:
    """Whether it is this machine or network, in any spelling that a resolver may take."""
    try:
        return not ip_address(host).is_global
    except ValueError:
        labels = host.rstrip(".").lower().split(".")
        return labels[-1] == "localhost" or labels[-1].isdigit() or labels[-1].startswith("0x")
