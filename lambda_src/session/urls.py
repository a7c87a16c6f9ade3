"""Which URLs may be asked or visited: https, and http to a loopback host. Pure."""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlencode, urlsplit


def is_safe_url(url: str) -> bool:
    """Whether tokens may travel there."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    is_plain = url.isascii() and url.isprintable() and " " not in url
    if not host or parts.username is not None or not is_plain:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def with_query(url: str, parameters: Mapping[str, str]) -> str:
    """The URL with further parameters; its own stay (RFC 6749 section 3.1)."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode(parameters)}"


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
