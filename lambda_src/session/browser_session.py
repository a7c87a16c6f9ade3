"""What a browser holds of a session <-> its two cookies, and what a page may know of it.

`__Host-session` holds, sealed: the refresh token, the ID token's claims (the token itself is of no
further use, and what is not kept cannot leak), the anti-CSRF token, and the hash of the access
token that goes with it, so that no other can be put beside it.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from session.cookie_keys import CookieKeys
from session.cookies import ACCESS, SESSION, Cookies, set_session
from session.errors import CookieInvalid, SignedOut
from session.grants import Tokens, unverified_claims

CSRF_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """One sign-in in one browser.

    Attributes:
        refresh_token: Empty if the issuer gave none: the session ends with its access token.
        id_claims: The ID token's, as they were verified.
        nonce: Of the sign-in; a later ID token has the same or none.
        csrf_token: What a page must send along to renew or to end it; the same until it ends, so
            that a tab need not know what another has done.
        access_hash: Of the access token that belongs to it.
    """

    refresh_token: str = field(repr=False)
    id_claims: Mapping[str, Any] = field(repr=False)
    nonce: str = field(repr=False)
    csrf_token: str = field(repr=False)
    access_hash: str = field(repr=False)


def new_csrf_token() -> str:
    """An anti-CSRF token for a new session."""
    return secrets.token_urlsafe(CSRF_BYTES)


def access_hash(access_token: str) -> str:
    """What a session knows its access token by."""
    return _digest(b"access:", access_token)


def api_csrf_token(access_token: str) -> str:
    """What a page must send along with the access cookie; the Lambda authorizer computes the same.

    A page of another site can neither read the cookie nor send the header.
    """
    return _digest(b"csrf:", access_token)


def session_of(cookies: Cookies, keys: CookieKeys) -> tuple[BrowserSession, str]:
    """The session that a browser shows, and its access token: empty once that has expired.

    Raises:
        SignedOut: It shows none.
        CookieInvalid: What it shows is damaged, forged, or no pair.
        Unavailable: There are no keys to be had.
    """
    if not cookies.has(SESSION):
        if cookies.has(ACCESS):
            raise CookieInvalid("an access token without a session", "cookie_alone")
        raise SignedOut("no session", "no_session")
    session = BrowserSession(**json.loads(keys.open(SESSION, cookies.value(SESSION))))
    access = cookies.value(ACCESS)
    if access and access_hash(access) != session.access_hash:
        raise CookieInvalid("the access token is another session's", "access_token_foreign")
    return session, access


def cookies_of(session: BrowserSession, tokens: Tokens, keys: CookieKeys) -> list[str]:
    """Set-Cookie for a session and its access token.

    Raises:
        ValueError: They are too large for a request.
        Unavailable: There are no keys to be had.
    """
    content = json.dumps(asdict(session), separators=(",", ":")).encode()
    return set_session(tokens.access, tokens.expires_in, keys.seal(SESSION, content))


def shown(session: BrowserSession, access_token: str, now: float) -> dict[str, object]:
    """What a page may know: claims and anti-CSRF tokens, never a token.

    Args:
        session: Whose.
        access_token: Its access token; empty if the browser has thrown it away.
        now: Seconds since the epoch.

    Returns:
        `csrf_token` is null and `expires_at` not in the future when it is time to renew.
    """
    claims = unverified_claims(access_token) if access_token else {}
    expires_at = claims.get("exp", 0)
    return {
        "signed_in": True,
        "csrf_token": api_csrf_token(access_token) if now < expires_at else None,
        "session_csrf_token": session.csrf_token,
        "expires_at": expires_at,
        "claims": {"id": session.id_claims, "access": claims},
    }


def _digest(purpose: bytes, text: str) -> str:
    digest = hashlib.sha256(purpose + text.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
