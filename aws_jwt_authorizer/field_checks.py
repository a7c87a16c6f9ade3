"""A value from cdk.json -> whether it is allowed, and what is.

Each check is pure and total: it takes any JSON value and never raises.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
VISIBLE_ASCII = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class Check:
    """A test for one value and the words that say what passes it."""

    allowed: str
    accepts: Callable[[object], bool]


def boolean() -> Check:
    """Accept `true` or `false`, but no word or number that resembles them."""
    return Check("true or false", lambda value: isinstance(value, bool))


def one_of(*words: str) -> Check:
    """Accept exactly one of these words."""
    return Check(
        "one of " + ", ".join(words), lambda value: isinstance(value, str) and value in words
    )


def integer(lowest: int, highest: int) -> Check:
    """Accept a whole number from `lowest` to `highest`, both included."""
    return Check(
        f"a whole number from {lowest} to {highest}",
        lambda value: _is_integer(value) and lowest <= value <= highest,  # type: ignore[operator]  # an int by then
    )


def integer_of(*numbers: int) -> Check:
    """Accept exactly one of these numbers."""
    return Check(
        "one of " + ", ".join(str(number) for number in numbers),
        lambda value: _is_integer(value) and value in numbers,
    )


def redirect_urls() -> Check:
    """Accept a list of one or more URLs that Cognito allows as OAuth redirects."""
    return Check(
        "a list of one or more https URLs (http only to this machine), none twice, no fragment",
        lambda value: _is_list_of(value, _is_redirect_url) and value != [],
    )


def origins() -> Check:
    """Accept a list, possibly empty, of origins as a browser sends them (RFC 6454 section 6.2)."""
    return Check(
        "a list of origins such as https://app.example.com (http only to this machine, no path), "
        "none twice",
        lambda value: _is_list_of(value, _is_origin),
    )


def text(pattern: str, allowed: str) -> Check:
    """Accept a string that the whole pattern matches; `allowed` describes it."""
    whole = re.compile(pattern)
    return Check(
        allowed, lambda value: isinstance(value, str) and whole.fullmatch(value) is not None
    )


def texts(pattern: str, allowed: str) -> Check:
    """Accept a list of one or more distinct strings, each matched by the whole pattern."""
    whole = re.compile(pattern)
    return Check(
        allowed,
        lambda value: (
            _is_list_of(value, lambda item: whole.fullmatch(item) is not None) and value != []
        ),
    )


def server_url(*, loopback: bool) -> Check:
    """Accept an https URL without a query or a fragment.

    Args:
        loopback: Whether http to this machine will do too: only where nothing is deployed.
    """
    return Check(
        "an https URL" + " or an http URL of this machine" * loopback + ", no query, no fragment",
        lambda value: isinstance(value, str) and _is_server_url(value, loopback=loopback),
    )


def domain_prefix() -> Check:
    """Accept the first label of a user pool's domain (CreateUserPoolDomain, Cognito API)."""
    return Check(
        "auto, or 1 to 63 lower-case letters, digits and inner hyphens without the words aws, "
        "amazon and cognito",
        lambda value: (
            isinstance(value, str)
            and re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", value) is not None
            and not re.search("aws|amazon|cognito", value)
        ),
    )


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_list_of(value: object, accepts: Callable[[str], bool]) -> bool:
    return (
        isinstance(value, list)
        and all(isinstance(item, str) and accepts(item) for item in value)
        and len(set(value)) == len(value)
    )


def _is_redirect_url(value: str) -> bool:
    url = _web_url(value)
    return url is not None and "#" not in value


def _is_server_url(value: str, *, loopback: bool) -> bool:
    url = _web_url(value)
    return url is not None and not re.search("[?#]", value) and (loopback or url.scheme == "https")


def _is_origin(value: str) -> bool:
    url = _web_url(value)
    return url is not None and value == f"{url.scheme}://{url.netloc}" and value.islower()


def _web_url(value: str) -> SplitResult | None:
    """Parse an https URL, or an http URL of this machine, without user info; else return None."""
    if not VISIBLE_ASCII.fullmatch(value):
        return None
    try:
        url = urlsplit(value)
        port_is_valid = url.port != 0
    except ValueError:
        return None
    secure = url.scheme == "https" or (url.scheme == "http" and url.hostname in LOOPBACK_HOSTS)
    return url if secure and url.hostname and "@" not in url.netloc and port_is_valid else None
