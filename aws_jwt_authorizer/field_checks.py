"""A value from cdk.json -> is it allowed, and in words what is.

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
    """`true` or `false`, not a word or a number that looks like it."""
    return Check("true or false", lambda value: isinstance(value, bool))


def one_of(*words: str) -> Check:
    """One of these words exactly."""
    return Check(
        "one of " + ", ".join(words), lambda value: isinstance(value, str) and value in words
    )


def integer(lowest: int, highest: int) -> Check:
    """A whole number within both bounds, bounds included."""
    return Check(
        f"a whole number from {lowest} to {highest}",
        lambda value: _is_integer(value) and lowest <= value <= highest,  # type: ignore[operator]  # an int by then
    )


def integer_of(*numbers: int) -> Check:
    """One of these numbers exactly."""
    return Check(
        "one of " + ", ".join(str(number) for number in numbers),
        lambda value: _is_integer(value) and value in numbers,
    )


def redirect_urls() -> Check:
    """A list of one or more URLs that Cognito takes as OAuth redirects, without a fragment."""
    return Check(
        "a list of one or more https URLs (http only to this machine), none twice, no fragment",
        lambda value: _is_list_of(value, _is_redirect_url) and value != [],
    )


def origins() -> Check:
    """A list, possibly empty, of origins as a browser sends them (RFC 6454 section 6.2)."""
    return Check(
        "a list of origins such as https://app.example.com (http only to this machine, no path), "
        "none twice",
        lambda value: _is_list_of(value, _is_origin),
    )


def text(pattern: str, allowed: str) -> Check:
    """A string that the pattern matches as a whole; `allowed` says so in words."""
    whole = re.compile(pattern)
    return Check(
        allowed, lambda value: isinstance(value, str) and whole.fullmatch(value) is not None
    )


def texts(pattern: str, allowed: str) -> Check:
    """A list of one or more strings, none twice, that the pattern matches as a whole."""
    whole = re.compile(pattern)
    return Check(
        allowed,
        lambda value: (
            _is_list_of(value, lambda item: whole.fullmatch(item) is not None) and value != []
        ),
    )


def server_url(*, loopback: bool) -> Check:
    """An https URL without query and fragment.

    Args:
        loopback: Whether http to this machine will do too: only where nothing is deployed.
    """
    return Check(
        "an https URL" + " or an http URL of this machine" * loopback + ", no query, no fragment",
        lambda value: isinstance(value, str) and _is_server_url(value, loopback=loopback),
    )


def domain_prefix() -> Check:
    """The first label of a user pool's domain (CreateUserPoolDomain, Cognito API)."""
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
    """The URL if it is https, or http to this machine, without user info; else None."""
    if not VISIBLE_ASCII.fullmatch(value):
        return None
    try:
        url = urlsplit(value)
        port_is_valid = url.port != 0
    except ValueError:
        return None
    secure = url.scheme == "https" or (url.scheme == "http" and url.hostname in LOOPBACK_HOSTS)
    return url if secure and url.hostname and "@" not in url.netloc and port_is_valid else None
