"""A sign-in that has begun: what binds the issuer's answer to this browser.

State against answers that this browser did not ask for, nonce against ID tokens of another sign-in,
PKCE against a stolen code (RFC 9700 sections 2.1 and 4.7). They exist in one sealed cookie only,
which is called by its state: an answer finds the sign-in that it belongs to, and no other.
"""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Final

from session.cookie_keys import CookieKeys
from session.cookies import LOGIN_PREFIX, LOGIN_SECONDS, Cookies
from session.errors import SignedOut, SignInFailed

RANDOM_BYTES: Final = 32
NAME_CHARACTERS: Final = 8
CLOCK_SKEW_SECONDS: Final = 60
MAX_LOGINS: Final = 3
"""At once in one browser; one more drops the oldest."""


@dataclass(frozen=True, slots=True)
class Login:
    """State, nonce and PKCE verifier of one sign-in, never used for another."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    begun_at: int
    return_to: str

    @classmethod
    def begin(cls, now: float, return_to: str) -> "Login":
        """Draw all of them."""
        state, nonce, verifier = (secrets.token_urlsafe(RANDOM_BYTES) for _ in range(3))
        return cls(state, nonce, verifier, int(now), return_to)

    @property
    def cookie(self) -> str:
        """The name of its cookie."""
        return login_cookie(self.state)

    @property
    def challenge(self) -> str:
        """The S256 challenge of the verifier (RFC 7636 section 4.2)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def seal(self, keys: CookieKeys) -> str:
        """Seal the cookie's value. Raises Unavailable."""
        content = [self.state, self.nonce, self.verifier, self.begun_at, self.return_to]
        return keys.seal(self.cookie, json.dumps(content).encode())


def login_cookie(state: str) -> str:
    """Return the name of the cookie of a sign-in."""
    digest = hashlib.sha256(state.encode(errors="surrogatepass")).hexdigest()
    return f"{LOGIN_PREFIX}{digest[:NAME_CHARACTERS]}"


def login_of(cookies: Cookies, keys: CookieKeys, now: float, state: str) -> Login:
    """Return the sign-in that this browser has begun with this state.

    Raises:
        SignInFailed: It has begun none, or too long ago.
        Unavailable: No keys are available.
    """
    try:
        value = cookies.value(login_cookie(state))
        if not value:
            raise SignInFailed(
                "This browser did not begin this sign-in, or has finished it.", "login_missing"
            )
        login = _opened(keys, login_cookie(state), value)
    except SignedOut as invalid:
        raise SignInFailed(
            "This browser's record of the sign-in is damaged.", invalid.reason
        ) from None
    if not -CLOCK_SKEW_SECONDS <= now - login.begun_at < LOGIN_SECONDS:
        raise SignInFailed("The sign-in took too long.", "login_expired")
    return login


def too_many(cookies: Cookies, keys: CookieKeys) -> list[str]:
    """Return the cookies of sign-ins that make room for one more: damaged ones, then the oldest.

    Raises:
        Unavailable: No keys are available.
    """
    begun: list[tuple[int, str]] = []
    for name in cookies.logins():
        try:
            begun.append((_opened(keys, name, cookies.value(name)).begun_at, name))
        except SignedOut:
            begun.append((0, name))
    kept = MAX_LOGINS - 1
    newest_first = [name for _, name in sorted(begun, reverse=True)]
    return newest_first[kept:]


def _opened(keys: CookieKeys, name: str, value: str) -> Login:
    return Login(*json.loads(keys.open(name, value)))
