"""Which URLs an issuer may name as endpoints of its own, and URLs with a query. Pure."""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlencode, urlsplit

from jwt_verifier.urls import is_loopback_host, is_safe_url


def is_endpoint(url: object, *, is_local: bool) -> bool:
    """Return whether an issuer may name it as an endpoint of its own.

    Args:
        url: What it names.
        is_local: Whether the issuer's document is on a loopback host.
    """
    if not isinstance(url, str) or not is_safe_url(url):
        return False
    return is_local or not _is_private(_host(url))


def is_loopback_url(url: str) -> bool:
    """Return whether it is on this machine."""
    return is_safe_url(url) and is_loopback_host(_host(url))


def with_query(url: str, parameters: Mapping[str, str]) -> str:
    """Return the URL with further parameters; its own stay (RFC 6749 section 3.1)."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode(parameters)}"


def _host(safe_url: str) -> str:
    return urlsplit(safe_url).hostname or ""


def _is_private(host: str) -> bool:
    """Return whether it is this machine or network, in any spelling that a resolver may take."""
    try:
        return not ip_address(host).is_global
    except ValueError:
        labels = host.rstrip(".").lower().split(".")
        return labels[-1] == "localhost" or labels[-1].isdigit() or labels[-1].startswith("0x")
