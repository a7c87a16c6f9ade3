"""An event's cookies -> the access token that they hold. Knows their names, not what to make of it.

A token stands in `__Host-Http-access`; one too long for a cookie goes on in
`__Host-Http-access-1`, `__Host-Http-access-2` and so on. The name's prefix makes a browser take the
cookie only over TLS from this very host, so neither a subdomain nor a network can plant one
(`__Host-`, RFC 6265bis, section 4.1.3.2), nor a script in a browser that knows the longer prefix.
"""

import re
from collections.abc import Mapping
from typing import Final

from authorizer.errors import CredentialsAmbiguous
from jwt_verifier.compact import MAX_TOKEN_BYTES
from jwt_verifier.errors import TokenMalformed, TokenOversized
from jwt_verifier.tokens import UnverifiedToken

NAME: Final = "__Host-Http-access"

_PART: Final = re.compile(r"[A-Za-z0-9_.-]+", re.ASCII)


def find(cookies: object) -> Mapping[str, str]:
    """Return the values of all cookies whose names begin with `__Host-Http-access`, by name.

    Names are compared to the letter, for browsers keep only `__Host-` in this spelling everywhere.

    Args:
        cookies: the member `cookies` of an event of payload format 2.0: a list of `name=value`, or
            anything else.

    Raises:
        TokenMalformed: it is neither absent nor a list of strings.
        CredentialsAmbiguous: one name stands there twice; nothing says which cookie is whose.
    """
    if cookies is None:
        return {}
    if not isinstance(cookies, list):
        raise TokenMalformed("the cookies are not a list")
    found: dict[str, str] = {}
    for cookie in cookies:
        if not isinstance(cookie, str):
            raise TokenMalformed("a cookie is not a string")
        if cookie.startswith(NAME):
            name, _, value = cookie.partition("=")
            if name in found:
                raise CredentialsAmbiguous("two cookies have the same name")
            found[name] = value
    return found


def join(found: Mapping[str, str]) -> UnverifiedToken:
    """Put the parts together, in the order of their numbers.

    Args:
        found: what `find` has found, at least one.

    Returns:
        The token; it is of legal size and characters, and no more is known of it.

    Raises:
        TokenOversized: together they are longer than 10,240 bytes.
        TokenMalformed: a part is missing, empty or of other characters, or a name is none of a
            part's.
    """
    size = sum(map(len, found.values()))
    if size > MAX_TOKEN_BYTES:
        raise TokenOversized(f"{size} characters")
    names = [NAME, *(f"{NAME}-{number}" for number in range(1, len(found)))]
    parts = [found.get(name, "") for name in names]
    if not all(map(_PART.fullmatch, parts)):
        raise TokenMalformed("the cookies are not the parts of one token")
    return UnverifiedToken("".join(parts))
