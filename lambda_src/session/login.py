"""A sign-in that has begun: what binds the issuer's answer to this browser.

State against answers that this browser did not ask for, nonce against ID tokens of another sign-in,
PKCE against a stolen code (RFC 9700 sections 2.1 and 4.7). They exist in one sealed cookie only.
"""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Final

from session.cookie_keys import CookieKeys
from session.cookies import LOGIN, LOGIN_SECONDS, Cookies
from session.errors import CookieInvalid, SignInFailed

RANDOM_BYTES: Final = 32
CLOCK_SKEW_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Login:
    """State, nonce and PKCE verifier of one sign-in, never used for another."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    begun_at: int

    @classmethod
    def begin(cls, now: float) -> "Login":
        """Draw all of them."""
        state, nonce, verifier = (secrets.token_urlsafe(RANDOM_BYTES) for _ in range(3))
        return cls(state, nonce, verifier, int(now))

    @property
    def challenge(self) -> str:
        """The S256 challenge of the verifier (RFC 7636 section 4.2)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def sealed(self, keys: CookieKeys) -> str:
        """The cookie's value. Raises Unavailable."""
        content = [self.state, self.nonce, self.verifier, self.begun_at]
        return keys.seal(LOGIN, json.dumps(content).encode())


def login_of(cookies: Cookies, keys: CookieKeys, now: float) -> Login:
    """The sign-in that this browser has begun.

    Raises:
        SignInFailed: It has begun none, or too long ago.
        Unavailable: There are no keys to be had.
    """
    try:
        value = cookies.value(LOGIN)
        if not value:
            raise SignInFailed("No sign-in was begun in this browser.", "login_missing")
        state, nonce, verifier, begun_at = json.loads(keys.open(LOGIN, value))
    except CookieInvalid as invalid:
        raise SignInFailed(
            "What this browser keeps of the sign-in is damaged.", invalid.reason
        ) from None
    if not -CLOCK_SKEW_SECONDS <= now - begun_at < LOGIN_SECONDS:
        raise SignInFailed("The sign-in took too long.", "login_expired")
    return Login(state, nonce, verifier, begun_at)
