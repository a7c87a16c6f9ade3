"""The place of an attack: the usual issuer at a fixed time, and an authorizer that trusts it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any, Final

from tests.attacks.case import Case
from tests.attacks.forge import Mint
from tests.attacks.keyring import keyring
from tests.attacks.target import (
    OPEN_POLICY,
    PLAIN_ISSUER,
    JwksServer,
    Target,
    Verdict,
    build_target,
)

NOW: Final = 1_800_000_000
"""Seconds since the epoch, for tokens and for the authorizer's wall clock."""


def usual_mint() -> Mint:
    """Return the mint of the usual issuer at the fixed time."""
    return Mint(NOW, keyring())


def cases(corpus: Callable[[Mint], Iterator[Case]], *threats: str) -> list[Case]:
    """Return the tokens of a corpus, all or those of some rows of the threat list."""
    return [case for case in _signed_once(corpus) if not threats or case.threat in threats]


@cache
def _signed_once(corpus: Callable[[Mint], Iterator[Case]]) -> tuple[Case, ...]:
    return tuple(corpus(usual_mint()))


@dataclass
class Bench:
    """Builds authorizers and judges cases with them."""

    server: JwksServer
    mint: Mint = field(default_factory=usual_mint)
    _paths: Iterator[int] = field(default_factory=count)
    _usual: Target | None = None

    def jwks_uri(self, document: str | None = None) -> str:
        """Publish a key set, by default the usual one, at an address of its own."""
        if document is None:
            document = self.mint.jwks_text()
        return self.server.publish(f"/{next(self._paths)}", document)

    def target(
        self, *, policy: bytes = OPEN_POLICY, jwks: str | None = None, **changes: Any
    ) -> Target:
        """Return a new, cold authorizer that trusts the usual issuer, changed."""
        issuer = {**PLAIN_ISSUER, "jwks_uri": self.jwks_uri(jwks), **changes}
        return build_target(issuer, policy=policy, wall_clock=lambda: self.mint.now)

    def trusting(self, *issuers: Mapping[str, Any], policy: bytes = OPEN_POLICY) -> Target:
        """Return a new, cold authorizer that trusts exactly these issuers."""
        return build_target(*issuers, policy=policy, wall_clock=lambda: self.mint.now)

    def judge(self, case: Case) -> Verdict:
        """Judge a case under its own key set, or under the usual one with warm keys."""
        if case.jwks is not None:
            return self.target(jwks=case.jwks).judge_token(case.token)
        if self._usual is None:
            self._usual = self.target()
        return self._usual.judge_token(case.token)
