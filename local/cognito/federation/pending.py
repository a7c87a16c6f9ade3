"""A state -> the sign-in that waits for its provider: once, for five minutes, in one browser.

Whoever brings a state back must also hold the cookie of the browser that it was made
for; any attempt, right or wrong, uses the state up.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from local.cognito.federation.provider_metadata import ProviderMetadata
from local.cognito.waiting import Waiting
from local.template.pool_config import IdentityProviderConfig

PENDING_SECONDS = 300
"""Amazon Cognito, "OIDC user pool IdP authentication flow": a request is cancelled after 5 min."""


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    """What is needed when the browser comes back.

    `query` is the client's own authorization request, `browser` the value of the browser's cookie.
    """

    provider: IdentityProviderConfig
    metadata: ProviderMetadata
    redirect_uri: str
    query: Mapping[str, str]
    nonce: str = field(repr=False)
    browser: str = field(repr=False)


class PendingSignIns:
    """The sign-ins of all browsers, in memory.

    Args:
        clock: Seconds since the epoch.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._waiting = Waiting[PendingSignIn](clock)

    def add(self, sign_in: PendingSignIn) -> str:
        """Return a new state for a sign-in."""
        return self._waiting.add(sign_in, PENDING_SECONDS)

    def take(self, state: str, browser: str) -> PendingSignIn | None:
        """Return the sign-in behind a state, if it is this browser's and not over."""
        sign_in = self._waiting.take(state)
        same = sign_in and hmac.compare_digest(sign_in.browser.encode(), browser.encode())
        return sign_in if same else None
