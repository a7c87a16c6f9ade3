"""100,000 decisions over a list of 10,000 that grows and fails: what an oracle says, in time.

The oracle looks at every entry that there is. A token that was taken back longer ago than the list
may be old is never called good; one that nothing hits is never called revoked.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from random import Random

from function_kit.revocation.entry import KINDS, Kind, Revocation
from function_kit.revocation.revocations import Revocations
from jwt_verifier.freshness import Clocks
from jwt_verifier.tokens import VerifiedToken
from tests.unit.function_kit.revocation.list_in_memory import ListInMemory
from tests.unit.function_kit.revocation.tokens import token
from tests.unit.jwt_verifier.conftest import NOW, Clock

DECISIONS, ENTRIES = 100_000, 10_000
AGE_SECONDS = 5.0
LIFE_SECONDS = 900
ISSUERS = ("cognito", "partner")
NAMES = 4_000
"""Of people, clients, tokens and sign-ins each."""

CLAIM_OF: dict[Kind, str] = {
    "sub": "sub",
    "client": "client_id",
    "jti": "jti",
    "origin_jti": "origin_jti",
}
MOST_SKEW_SECONDS = 300


@dataclass
class Oracle:
    """Every revocation by what it names, with the time from which it is in the table."""

    known: dict[tuple[str, str, str], list[tuple[Revocation, float]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def hits(self, tried: VerifiedToken, by: float) -> bool:
        """Return whether an entry that was in the table by then takes the token back."""
        return any(
            written <= by and _is_hit(each, tried)
            for kind in KINDS
            for each, written in self.known[kind, tried.issuer_name, _value(kind, tried)]
        )


def _value(kind: Kind, tried: VerifiedToken) -> str:
    return "" if kind == "all" else str(tried.claims.get(CLAIM_OF[kind]))


def _is_hit(each: Revocation, tried: VerifiedToken) -> bool:
    times = {name: tried.claims[name] for name in ("iat", "auth_time") if name in tried.claims}
    since = times.get("auth_time", times["iat"]) if each.kind == "sub" else times["iat"]
    assert isinstance(since, int)
    return each.issued_before is None or since < each.issued_before


def random_revocation(random: Random, now: float) -> Revocation:
    kind: Kind = "all" if random.random() < 0.001 else random.choice(KINDS[:-1])
    value = "" if kind == "all" else f"{kind}-{random.randrange(NAMES)}"
    before = int(now) - random.randrange(-2, 300) if kind in ("sub", "client") else None
    if kind == "all":
        before = int(now) - 600
    return Revocation(kind, random.choice(ISSUERS), value, before)


def random_token(random: Random, now: float) -> VerifiedToken:
    issued_at = int(now) - random.randrange(LIFE_SECONDS)
    claims = {
        claim: f"{kind}-{random.randrange(NAMES)}"
        for kind, claim in CLAIM_OF.items()
        if random.random() < 0.9
    }
    times = {"iat": issued_at, "exp": issued_at + LIFE_SECONDS}
    if random.random() < 0.5:
        times["auth_time"] = issued_at - random.randrange(LIFE_SECONDS)
    return token(random.choice(ISSUERS), **claims, **times)


def test_a_hundred_thousand_decisions_are_the_oracles() -> None:
    random = Random(19)
    wall, monotonic = Clock(), Clock(0.0)
    table, oracle = ListInMemory(page_items=1_500), Oracle()
    revocations = Revocations(
        table,
        age_seconds=AGE_SECONDS,
        fails_open=False,
        report=lambda _: None,
        clocks=Clocks(wall, monotonic),
    )
    outage_until = NOW
    table.fails = lambda: wall() < outage_until
    said: Counter[str] = Counter()
    for number in range(DECISIONS):
        step = random.expovariate(60)
        wall.seconds += step
        monotonic.seconds += step
        if random.random() < ENTRIES / DECISIONS:
            each = random_revocation(random, wall())
            off_by = random.uniform(-MOST_SKEW_SECONDS, MOST_SKEW_SECONDS)
            table.put(each, wall() + off_by, 4 * LIFE_SECONDS)
            oracle.known[each.kind, each.issuer, each.value].append((each, wall()))
        if number % 10_000 == 0:
            outage_until = wall() + random.uniform(0, 20)
        if number % 9_000 == 0:
            wall.seconds += 120  # frozen: the monotonic clock has stood still
        tried = random_token(random, wall())
        standing = revocations.standing(tried)
        if standing.revoked_by is not None:
            assert oracle.hits(tried, wall()), (tried, standing)
            said["revoked"] += 1
        elif standing.unknown_because is not None:
            assert wall() < outage_until + 1.0, standing
            said["unknown"] += 1
        else:
            assert not oracle.hits(tried, wall() - AGE_SECONDS), (tried, standing)
            said["good"] += 1
    assert len(table.items) > ENTRIES * 0.95
    # Each answer is common: none that is always given would pass.
    assert min(said[each] for each in ("revoked", "unknown", "good")) > DECISIONS // 100, said
