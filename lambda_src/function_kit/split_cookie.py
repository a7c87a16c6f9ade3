"""A value that is too long for one cookie <-> its parts `name`, `name-1`, `name-2` … Pure.

The session's backend sets them and the authorizer reads them: what one takes for an access token,
the other does too.
"""

import re
from collections.abc import Mapping
from typing import Final

from jwt_verifier.compact import MAX_TOKEN_BYTES

ACCESS: Final = "__Host-Http-access"
"""Holds the access token. The prefix makes a browser take the cookie only over TLS from this very
host, so neither a subdomain nor a network can plant one (`__Host-`, RFC 6265bis section 4.1.3.2),
nor a script in a browser that knows the longer prefix."""

_PART: Final = re.compile(r"[A-Za-z0-9_.-]+", re.ASCII)


class CookiesInvalid(ValueError):
    """Cookies that hold no value as it was split; the message may be logged."""


class CookieRepeated(CookiesInvalid):
    """One name appears twice: nothing says which cookie is whose."""


class CookieOversized(CookiesInvalid):
    """The parts are together longer than 10,240 bytes, API Gateway's limit on all headers."""


def part_names(name: str, count: int) -> list[str]:
    """Return the names of so many parts, at least one."""
    return [name, *(f"{name}-{number}" for number in range(1, count))]


def find(cookies: object, name: str) -> Mapping[str, str]:
    """Return the values of all cookies whose names begin with this one, by name.

    Names are compared to the letter, for browsers keep only `__Host-` in this spelling everywhere.

    Args:
        cookies: the member `cookies` of an event of payload format 2.0: a list of `name=value`, or
            anything else.
        name: the first part's.

    Raises:
        CookiesInvalid: it is neither absent nor a list of strings.
        CookieRepeated: one name appears twice.
    """
    if cookies is None:
        return {}
    if not isinstance(cookies, list):
        raise CookiesInvalid("the cookies are not a list")
    found: dict[str, str] = {}
    for cookie in cookies:
        if not isinstance(cookie, str):
            raise CookiesInvalid("a cookie is not a string")
        if cookie.startswith(name):
            part, _, value = cookie.partition("=")
            if part in found:
                raise CookieRepeated("two cookies have the same name")
            found[part] = value
    return found


def join(found: Mapping[str, str], name: str) -> str:
    """Put the parts together, in the order of their numbers.

    Args:
        found: what `find` has found, at least one.
        name: the first part's.

    Returns:
        The value, of legal size and characters.

    Raises:
        CookieOversized: together they are longer than 10,240 bytes.
        CookiesInvalid: a part is missing, empty or of other characters, or a name is not a part's.
    """
    size = sum(map(len, found.values()))
    if size > MAX_TOKEN_BYTES:
        raise CookieOversized(f"{size} characters")
    parts = [found.get(part, "") for part in part_names(name, len(found))]
    if not all(map(_PART.fullmatch, parts)):
        raise CookiesInvalid("the cookies are not the parts of one value")
    return "".join(parts)
