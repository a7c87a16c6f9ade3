"""Access token -> the anti-CSRF token that belongs to it and to no other.

The session's backend tells it to a page, and the authorizer demands it of a request with a cookie.
"""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Final

HEADER: Final = "x-csrf-token"
"""Where a page sends it; a name that no form and no other site's script can send unasked."""


def csrf_token(access_token: str) -> str:
    """Derive the anti-CSRF token from the text of an access token.

    It is base64url(SHA-256("csrf:" + access token)) without padding: 43 characters (RFC 4648
    section 5). Only who holds the access token can make it, and no script can read an HttpOnly
    cookie: so a page knows it only from the function that has set the cookie. It needs no key, for
    it grants nothing without the cookie, and the token's signature cannot be had back from it.

    Args:
        access_token: A JWS in compact serialisation; ASCII.

    Returns:
        For "header.payload.signature" it is "LihTgvT2NKyT6GTfvG9tlujgvGvlPvNdYf4itkmkXl8".
    """
    digest = sha256(b"csrf:" + access_token.encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
