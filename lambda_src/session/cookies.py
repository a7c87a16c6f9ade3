"""Gateway event -> our cookies, and values -> Set-Cookie. Pure.

All names begin with `__Host-Http-`: a browser takes such a cookie from this very host only, over a
secure connection, for every path, and from no subdomain (`__Host-`, RFC 6265bis section 4.1.3.2);
one that knows the longer prefix takes it from no script either, and any other takes it for the
shorter one.

A value longer than a browser keeps is split over `name`, `name-1`, `name-2`, and each change names
every part there can be: a Strict cookie does not come with the callback, so nothing there tells
which parts an earlier session has left.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from function_kit.split_cookie import ACCESS, CookiesInvalid, find, join, part_names
from session.errors import CookieInvalid, TokensTooLarge

SESSION: Final = "__Host-Http-session"
LOGIN_PREFIX: Final = "__Host-Http-login-"
"""Each sign-in has a cookie of its own: two at once do not disturb each other."""

EARLIER: Final = ("__Host-access", "__Host-session", "__Host-login")
"""What an earlier release called them: they are not read, and deleted with the rest."""

MAX_VALUE_CHARACTERS: Final = 3_800
"""Browsers keep 4,096 bytes of name and value (RFC 6265bis section 5.6)."""

MAX_HEADER_BYTES: Final = 8_192
"""Of the 10,240 bytes that API Gateway takes for the request line and all headers."""

MAX_PARTS: Final = 1 + MAX_HEADER_BYTES // MAX_VALUE_CHARACTERS
LOGIN_SECONDS: Final = 600

_COMMON: Final = "Path=/; Secure; HttpOnly"


@dataclass(frozen=True, slots=True)
class Cookies:
    """The cookies of one request, as `name=value`; None if they cannot be read."""

    pairs: tuple[str, ...] | None

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> "Cookies":
        """Read an HTTP API event, payload format 2.0."""
        given = event.get("cookies")
        if given is None:
            return cls(())
        if not isinstance(given, list) or not all(isinstance(pair, str) for pair in given):
            return cls(None)
        return cls(tuple(given))

    def has(self, name: str) -> bool:
        """Return whether anything that begins with a cookie's name is there."""
        return self.pairs is None or any(pair.startswith(name) for pair in self.pairs)

    def value(self, name: str) -> str:
        """Return a cookie's whole value; empty if it is absent.

        Raises:
            CookieInvalid: A part is missing, empty, of other characters, there twice, or stands
                beside another cookie whose name begins alike.
        """
        if self.pairs is None:
            raise CookieInvalid("the cookies are not a list of texts", "cookies_malformed")
        try:
            found = find(list(self.pairs), name)
            return join(found, name) if found else ""
        except CookiesInvalid as invalid:
            raise CookieInvalid(str(invalid), "cookie_parts") from None

    def logins(self) -> tuple[str, ...]:
        """Return the names of the sign-ins that this browser has begun, each once."""
        names = (pair.partition("=")[0] for pair in self.pairs or ())
        return tuple(dict.fromkeys(name for name in names if name.startswith(LOGIN_PREFIX)))


def set_session(access: str, access_seconds: int, session: str, session_seconds: int) -> list[str]:
    """Return Set-Cookie for both cookies of a session, without remains of an earlier one.

    Args:
        access: The access token.
        access_seconds: For how long the browser keeps it.
        session: The sealed session.
        session_seconds: For how long the browser keeps that.

    Raises:
        TokensTooLarge: Together they would not fit into the header of a request.
    """
    parts = {ACCESS: _split(ACCESS, access), SESSION: _split(SESSION, session)}
    pairs = [f"{name}={value}" for split in parts.values() for name, value in split.items()]
    if len("; ".join(pairs)) > MAX_HEADER_BYTES:
        raise TokensTooLarge(f"the cookies are larger than {MAX_HEADER_BYTES} bytes")
    ages = {ACCESS: access_seconds, SESSION: session_seconds}
    return [
        f"{part}={parts[name][part]}; {_COMMON}; SameSite=Strict; Max-Age={ages[name]}"
        if part in parts[name]
        else _deleted(part)
        for name in (ACCESS, SESSION)
        for part in part_names(name, MAX_PARTS)
    ]


def set_login(name: str, sealed: str) -> str:
    """Return Set-Cookie that binds a sign-in to this browser.

    It is Lax: the issuer sends the browser back from another site, and a Strict cookie would not
    come along.
    """
    return f"{name}={sealed}; {_COMMON}; SameSite=Lax; Max-Age={LOGIN_SECONDS}"


def delete_logins(names: Iterable[str]) -> list[str]:
    """Return Set-Cookie that ends sign-ins that were begun."""
    return [_deleted(name, "Lax") for name in names]


def delete_session() -> list[str]:
    """Return Set-Cookie that deletes every part of a session, of any release."""
    current = [part for name in (ACCESS, SESSION) for part in part_names(name, MAX_PARTS)]
    return [*map(_deleted, current), *map(_deleted, EARLIER)]


def _split(name: str, value: str) -> dict[str, str]:
    starts: Iterable[int] = range(0, len(value), MAX_VALUE_CHARACTERS)
    chunks = [value[start : start + MAX_VALUE_CHARACTERS] for start in starts]
    return dict(zip(part_names(name, len(chunks)), chunks, strict=True))


def _deleted(part: str, same_site: str = "Strict") -> str:
    return f"{part}=; {_COMMON}; SameSite={same_site}; Max-Age=0"
