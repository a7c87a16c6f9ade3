"""An authorizer over a faulty issuer, with clocks that only the test moves."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from tests.attacks.bench import NOW
from tests.attacks.forge import Json, Mint
from tests.attacks.keyring import keyring
from tests.attacks.target import OPEN_POLICY, PLAIN_ISSUER, Target, Verdict, build_target
from tests.integration.faults import healthy
from tests.integration.faulty_issuer import Fault, FaultyIssuer, serve_faults

HOUR_SECONDS: Final = 3600
TIMEOUT_SECONDS: Final = "0.5"
"""Short, where waiting for it is what the test is about."""


@dataclass
class Clocks:
    """A wall clock and a monotonic clock, in seconds."""

    wall: float = float(NOW)
    monotonic: float = 1000.0

    def advance(self, seconds: float) -> None:
        """Let time pass on both."""
        self.wall += seconds
        self.monotonic += seconds


@dataclass
class JwksBench:
    """An authorizer and its issuer; the cache starts cold."""

    issuer: FaultyIssuer
    target: Target
    clocks: Clocks = field(default_factory=Clocks)

    @property
    def mint(self) -> Mint:
        """The mint of the usual issuer at the time of the wall clock."""
        return Mint(int(self.clocks.wall), keyring())

    @property
    def age_seconds(self) -> float:
        """How long the test has lasted, by its clocks."""
        return self.clocks.wall - NOW

    @property
    def fetches(self) -> int:
        """How often the issuer was asked so far."""
        return self.issuer.fetches

    def good(self) -> Verdict:
        """Judge a good token of the usual key."""
        return self.target.judge_token(self.mint.token())

    def unknown(self, kid: str) -> Verdict:
        """Judge a token with a kid that is not published; its signature would not matter."""
        return self.target.judge_token(self.unknown_token(kid))

    def unknown_token(self, kid: str, claims: Json | None = None) -> str:
        """Return a token with another kid, cheaply made."""
        mint = self.mint
        return mint.token(mint.header(kid=kid), claims, sign=lambda _input: b"signature")


@contextmanager
def jwks_bench(
    fault: Fault = healthy,
    *,
    issuers: tuple[Mapping[str, Any], ...] = (),
    **environment: str,
) -> Iterator[JwksBench]:
    """Serve the usual key set and build a cold authorizer that trusts it."""
    clocks = Clocks()
    with serve_faults(keyring().jwks(), fault) as issuer:
        usual = {**PLAIN_ISSUER, "jwks_uri": f"{issuer.url}/jwks"}
        target = build_target(
            usual,
            *issuers,
            wall_clock=lambda: clocks.wall,
            monotonic_clock=lambda: clocks.monotonic,
            policy=OPEN_POLICY,
            **environment,
        )
        yield JwksBench(issuer, target, clocks)
