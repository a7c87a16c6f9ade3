"""Authorization codes: bound to client, redirect URI and PKCE challenge; one use, five minutes."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from local.cognito.customisation import Customisation
from local.cognito.oauth.errors import OAuthError
from local.cognito.waiting import Waiting

CODE_SECONDS = 300
"""How long a code may wait for its exchange (Amazon Cognito, "Token endpoint")."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a person agreed to by signing in; `challenge` is the S256 PKCE challenge or None.

    Times are in seconds since the epoch; `customisation` is what the pool's trigger wanted.
    """

    client_id: str
    redirect_uri: str
    username: str
    scopes: tuple[str, ...]
    challenge: str | None
    nonce: str | None
    auth_time: int
    customisation: Customisation


class Codes:
    """Hands out codes and takes each back once.

    Args:
        clock: Seconds since the epoch.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._grants = Waiting[Grant](clock)

    def issue(self, grant: Grant) -> str:
        """Return a new code for a grant."""
        return self._grants.add(grant, CODE_SECONDS)

    def redeem(self, code: str, client_id: str, redirect_uri: str, verifier: str | None) -> Grant:
        """Return the grant behind a code; any attempt, right or wrong, uses the code up.

        Raises:
            OAuthError: `invalid_grant`: unknown, used, expired, for another client or URI, or the
                verifier does not fit (RFC 7636 section 4.6).
        """
        grant = self._grants.take(code)
        if grant is None:
            raise OAuthError("invalid_grant", "the code is unknown, used or expired")
        if (grant.client_id, grant.redirect_uri) != (client_id, redirect_uri):
            raise OAuthError(
                "invalid_grant", "the code was issued to another client or redirect_uri"
            )
        if not _fits(grant.challenge, verifier):
            raise OAuthError("invalid_grant", "code_verifier does not match the code_challenge")
        return grant


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a PKCE verifier (RFC 7636 section 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _fits(challenge: str | None, verifier: str | None) -> bool:
    if challenge is None or verifier is None:
        return challenge is None and verifier is None
    return hmac.compare_digest(challenge_of(verifier).encode(), challenge.encode())
