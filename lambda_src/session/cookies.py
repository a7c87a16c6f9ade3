"""Gateway event -> our cookies, and values -> Set-Cookie. Pure.

All names begin with `__Host-`: a browser takes such a cookie from this very host only, over a
secure connection, for every path, and from no subdomain (RFC 6265bis section 4.1.3.2).

The rule: a value longer than a browser keeps is split over `name`, `name-1`, `name-2`, and each
change names every part there can be. A Strict cookie does not come with the callback, so nothing
there tells which parts an earlier session has left.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from session.errors import CookieInvalid

ACCESS: Final = "__Host-access"
"""The access token as it is: the Lambda authorizer reads it."""

SESSION: Final = "__Host-session"
LOGIN: Final = "__Host-login"

MAX_VALUE_CHARACTERS: Final = 3_800
"""Browsers keep 4,096 bytes of name and value (RFC 6265bis section 5.6)."""

MAX_HEADER_BYTES: Final = 8_192
"""Of the 10,240 bytes that API Gateway takes for the request line and all headers."""

MAX_PARTS: Final = 1 + MAX_HEADER_BYTES // MAX_VALUE_CHARACTERS
LOGIN_SECONDS: Final = 600

_COMMON: Final = "Path=/; Secure; HttpOnly"
_SAME_SITE: Final = {ACCESS: "Strict", SESSION: "Strict", LOGIN: "Lax"}
"""The issuer sends the browser back from another site, and a Strict cookie would not come along."""


@dataclass(frozen=True, slots=True)
class Cookies:
    """The cookies of one request; those of others on this host are passed over."""

    values: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> "Cookies":
        """Read an HTTP API event, payload format 2.0."""
        values: dict[str, tuple[str, ...]] = {}
        for pair in event.get("cookies") or ():
            name, _, value = str(pair).strip().partition("=")
            values[name] = (*values.get(name, ()), value)
        return cls(values)

    def has(self, name: str) -> bool:
        """Whether any part of a cookie is there."""
        return any(part in self.values for part in _parts(name))

    def value(self, name: str) -> str:
        """A cookie's whole value; empty if it is not there.

        Raises:
            CookieInvalid: A part is missing, or there twice.
        """
        found = [self.values[part] for part in _parts(name) if part in self.values]
        expected = [self.values.get(part) for part in _parts(name)[: len(found)]]
        if found != expected or any(len(several) != 1 for several in found):
            raise CookieInvalid("a part of the cookie is missing or doubled", "cookie_parts")
        return "".join(several[0] for several in found)


def set_session(access: str, access_seconds: int, session: str) -> list[str]:
    """Set-Cookie for both cookies of a session, whole and without remains of an earlier one.

    Args:
        access: The access token.
        access_seconds: How long it lives.
        session: The sealed session; it lasts until the browser is closed.

    Raises:
        ValueError: Together they would not fit into the header of a request.
    """
    parts = {ACCESS: _split(ACCESS, access), SESSION: _split(SESSION, session)}
    pairs = [f"{name}={value}" for split in parts.values() for name, value in split.items()]
    if len("; ".join(pairs)) > MAX_HEADER_BYTES:
        raise ValueError(f"the cookies are larger than {MAX_HEADER_BYTES} bytes")
    ages = {ACCESS: f"; Max-Age={access_seconds}", SESSION: ""}
    return [
        f"{part}={parts[name][part]}; {_attributes(name)}{ages[name]}"
        if part in parts[name]
        else _deleted(name, part)
        for name in (ACCESS, SESSION)
        for part in _parts(name)
    ]


def set_login(sealed: str) -> str:
    """Set-Cookie for what binds a sign-in to this browser."""
    return f"{LOGIN}={sealed}; {_attributes(LOGIN)}; Max-Age={LOGIN_SECONDS}"


def delete_login() -> str:
    """Set-Cookie that ends a sign-in."""
    return _deleted(LOGIN, LOGIN)


def delete_session() -> list[str]:
    """Set-Cookie that ends a session: every part that there can be."""
    return [_deleted(name, part) for name in (ACCESS, SESSION) for part in _parts(name)]


def _parts(name: str) -> list[str]:
    return [name, *(f"{name}-{number}" for number in range(1, MAX_PARTS))]


def _split(name: str, value: str) -> dict[str, str]:
    starts: Iterable[int] = range(0, len(value), MAX_VALUE_CHARACTERS)
    chunks = [value[start : start + MAX_VALUE_CHARACTERS] for start in starts]
    names = [name, *(f"{name}-{number}" for number in range(1, len(chunks)))]
    return dict(zip(names, chunks, strict=True))


def _attributes(name: str) -> str:
    return f"{_COMMON}; SameSite={_SAME_SITE[name]}"


def _deleted(name: str, part: str) -> str:
    return f"{part}=; {_attributes(name)}; Max-Age=0"
