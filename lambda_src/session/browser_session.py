"""What a browser holds of a session <-> its two cookies, and what a page may know of it.

`__Host-Http-session` holds, sealed: the refresh token, the ID token's claims (the token itself is
of no further use, and what is not kept cannot leak), the anti-CSRF token, the hash of the access
token that goes with it, so that no other can be put beside it, and when all of it is over.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from function_kit.csrf_token import csrf_token
from function_kit.split_cookie import ACCESS
from session.cookie_keys import CookieKeys
from session.cookies import SESSION, Cookies, set_session
from session.errors import CookieForeign, CookieInvalid, SignedOut
from session.grants import Tokens, unverified_claims
from session.settings import Lifetimes

CSRF_BYTES: Final = 32
ID_BYTES: Final = 16
FINGERPRINT_CHARACTERS: Final = 16


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """One sign-in in one browser. Times are seconds since the epoch.

    Attributes:
        id: Random; a table of ended sessions and the log know a hash of it.
        refresh_token: Empty if the issuer gave none: the session ends with its access token.
        id_claims: The ID token's, as they were verified.
        nonce: Of the sign-in; a later ID token has the same or none.
        csrf_token: What a page must send along to renew or to end it; the same until it ends, so
            that a tab need not know what another has done.
        access_hash: Of the access token that belongs to it.
        begun_at: The sign-in.
        ends_at: When it is over however much it is used.
        idle_at: When it is over if it is not renewed before.
    """

    id: str
    refresh_token: str = field(repr=False)
    id_claims: Mapping[str, Any] = field(repr=False)
    nonce: str = field(repr=False)
    csrf_token: str = field(repr=False)
    access_hash: str = field(repr=False)
    begun_at: int
    ends_at: int
    idle_at: int

    @property
    def fingerprint(self) -> str:
        """What the log calls it: nobody can make the id of it."""
        return session_hash(self.id)[:FINGERPRINT_CHARACTERS]

    @property
    def log_fields(self) -> dict[str, str]:
        """Who it is, for the log."""
        return {"subject": str(self.id_claims["sub"]), "session": self.fingerprint}

    @property
    def over_at(self) -> int:
        """When it is over unless it is renewed."""
        return min(self.ends_at, self.idle_at)


def new_session(
    tokens: Tokens, id_claims: Mapping[str, Any], nonce: str, now: int, lifetimes: Lifetimes
) -> BrowserSession:
    """Begin a session now."""
    ends_at = now + lifetimes.absolute_seconds
    if not tokens.refresh:
        ends_at = min(ends_at, int(tokens.access_claims["exp"]))
    return BrowserSession(
        id=secrets.token_urlsafe(ID_BYTES),
        refresh_token=tokens.refresh,
        id_claims=id_claims,
        nonce=nonce,
        csrf_token=secrets.token_urlsafe(CSRF_BYTES),
        access_hash=hash_access_token(tokens.access),
        begun_at=now,
        ends_at=ends_at,
        idle_at=now + lifetimes.idle_seconds,
    )


def session_hash(session_id: str) -> str:
    """Hash a session id for the records of others: hexadecimal SHA-256."""
    return hashlib.sha256(b"session:" + session_id.encode()).hexdigest()


def hash_access_token(access_token: str) -> str:
    """Hash an access token, to tie it to its session."""
    digest = hashlib.sha256(b"access:" + access_token.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def load_session(cookies: Cookies, keys: CookieKeys, now: float) -> tuple[BrowserSession, str]:
    """Load the session of a browser and its access token: empty once that has expired.

    Raises:
        SignedOut: It shows none.
        CookieInvalid: What it shows is damaged, forged, no pair, or a session that is over.
        CookieForeign: It is of another release, or of a key that is gone.
        Unavailable: No keys are available, or its key may be one that is not known yet.
    """
    if not cookies.has(SESSION):
        if cookies.has(ACCESS):
            raise CookieInvalid("an access token without a session", "cookie_alone")
        raise SignedOut("no session", "no_session")
    session = _read(keys.open(SESSION, cookies.value(SESSION)))
    if now >= session.over_at:
        reason = "session_ended" if now >= session.ends_at else "session_idle"
        raise CookieInvalid("the session is over", reason)
    access = cookies.value(ACCESS)
    if access and hash_access_token(access) != session.access_hash:
        raise CookieInvalid("the access token is another session's", "access_token_foreign")
    return session, access


def session_cookies(
    session: BrowserSession, tokens: Tokens, keys: CookieKeys, now: int
) -> list[str]:
    """Return Set-Cookie for a session and its access token.

    Raises:
        TokensTooLarge: They are too large for a request.
        Unavailable: No keys are available.
    """
    content = json.dumps(asdict(session), separators=(",", ":")).encode()
    left = session.over_at - now
    return set_session(
        tokens.access, min(tokens.expires_in, left), keys.seal(SESSION, content), left
    )


def render_session(session: BrowserSession, access_token: str, now: float) -> dict[str, object]:
    """Render what a page may know: claims and anti-CSRF tokens, never a token.

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
        "csrf_token": csrf_token(access_token) if now < expires_at else None,
        "session_csrf_token": session.csrf_token,
        "expires_at": expires_at,
        "session_ends_at": session.ends_at,
        "claims": {"id": session.id_claims, "access": claims},
    }


def _read(content: bytes) -> BrowserSession:
    try:
        return BrowserSession(**json.loads(content))
    except TypeError:
        raise CookieForeign("the session is from another release", "cookie_release") from None
