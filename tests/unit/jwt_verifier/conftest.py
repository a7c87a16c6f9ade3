import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from jwt_verifier.errors import KeysUnavailable
from jwt_verifier.issuer import TrustedIssuer
from jwt_verifier.jwks import PublicKeys, parse_jwks
from jwt_verifier.jwks_cache import CacheTimes, JwksCache, KeysEvent
from jwt_verifier.tokens import UnverifiedToken
from jwt_verifier.verifier import IssuerKeys, Verifier
from tests.issuer import Issuer

NOW = 1_800_000_000.0


@dataclass
class Clock:
    seconds: float = NOW

    def __call__(self) -> float:
        return self.seconds


@dataclass
class PublishedKeys:
    """A key source that reads an issuer's set without a network, and can be down."""

    issuer: Issuer
    algorithms: frozenset[str] = frozenset({"RS256"})
    is_down: bool = False
    nothing_there: bool = False
    rediscoveries: list[bool] = field(default_factory=list)
    on_fetch: Callable[[], None] = field(default=lambda: None)

    @property
    def fetches(self) -> int:
        return len(self.rediscoveries)

    def fetch(self, *, rediscover: bool) -> PublicKeys:
        self.rediscoveries.append(rediscover)
        self.on_fetch()
        if self.is_down or self.nothing_there:
            raise KeysUnavailable("the issuer is down", nothing_there=self.nothing_there)
        return parse_jwks(json.dumps(self.issuer.jwks()).encode(), self.algorithms)


@dataclass
class Cache:
    """A cache with everything around it that a test turns and watches."""

    source: PublishedKeys
    wall: Clock = field(default_factory=Clock)
    monotonic: Clock = field(default_factory=lambda: Clock(1_000.0))
    events: list[KeysEvent] = field(default_factory=list)
    details: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.keys = JwksCache(
            self.source,
            CacheTimes(fresh_seconds=3600, max_age_seconds=86_400, cooldown_seconds=30),
            wall_clock=self.wall,
            monotonic_clock=self.monotonic,
            report=self._report,
        )

    def _report(self, event: KeysEvent, detail: str) -> None:
        self.events.append(event)
        self.details.append(detail)

    def advance(self, seconds: float) -> None:
        self.wall.seconds += seconds
        self.monotonic.seconds += seconds


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer("https://issuer.example")


@pytest.fixture(scope="session")
def pool() -> Issuer:
    return Issuer("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc123")


@pytest.fixture
def rotating_issuer() -> Issuer:
    return Issuer("https://issuer.example")


@pytest.fixture
def cache(rotating_issuer: Issuer) -> Cache:
    return Cache(PublishedKeys(rotating_issuer))


Verify = Callable[..., Any]


@pytest.fixture
def verify(issuer: Issuer, pool: Issuer) -> Verify:
    """Verify a token at NOW, trusting both issuers as the keyword arguments say."""

    def verify_token(token: str, **asked: Any) -> Any:
        asked = {"audiences": frozenset({"api"}), **asked}
        trusted = [
            IssuerKeys(
                TrustedIssuer("partner", issuer.url, **asked), Cache(PublishedKeys(issuer)).keys
            ),
            IssuerKeys(
                TrustedIssuer("cognito", pool.url, **asked), Cache(PublishedKeys(pool)).keys
            ),
        ]
        verifier = Verifier(trusted, leeway_seconds=60, wall_clock=Clock())
        return verifier.verify(UnverifiedToken(token))

    return verify_token
