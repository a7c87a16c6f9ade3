"""A year, twenty minutes at a time, with every fault that was seen: no valid token is refused.

The rotation, the issuer's key ring and its choice of a key are the real ones. KMS and the table are
in memory, for there are 26,280 steps; what they refuse is what AWS refuses. A token is tried when it
is made and at its very last moment, and a run of the rotation falls between the two.
"""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import jwt
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jwt_verifier.freshness import Clocks
from key_rotation.errors import ClockWrong, RingChanged
from key_rotation.handler import build
from key_rotation.rotate import Rotation
from key_rotation.settings import Settings
from tests.integration.token_issuer.issuer import (
    DAY,
    ISSUER_ROLE,
    OWNER,
    PATIENT,
    ROTATION_ROLE,
    START,
    TOKEN_SECONDS,
    Clock,
)
from tests.integration.token_issuer.strict_kms import Killed, KmsAccount, StrictKms, refusal
from token_issuer.key_ring import KeyRing
from token_issuer.signing import Signing

STEP_SECONDS = TOKEN_SECONDS + 300
RUN_AT_SECONDS = STEP_SECONDS - 100
STEPS_OF_AN_HOUR = 3
STEPS_OF_A_DAY = 24 * STEPS_OF_AN_HOUR
PERIOD_DAYS = 30
GATEWAY_SECONDS = 7_200


class MemoryKeys:
    """What moto is elsewhere: key pairs, and signatures that nobody looks at here."""

    def __init__(self) -> None:
        self.made = 0
        self.public: dict[str, bytes] = {}

    def create_key(self, **_: Any) -> dict[str, Any]:
        self.made += 1
        key_id = f"key-{self.made}"
        key = rsa.generate_private_key(65_537, 2_048).public_key()
        self.public[key_id] = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return {"KeyMetadata": {"KeyId": key_id}}

    def get_public_key(self, **given: Any) -> dict[str, Any]:
        return {"PublicKey": self.public[given["KeyId"]]}

    def sign(self, **_: Any) -> dict[str, Any]:
        return {"Signature": b"signature"}


@dataclass
class MemoryTable:
    """One item, written on the condition that it is the one that was read."""

    item: dict[str, Any] | None = None
    reads_fail: bool = False
    writes_fail: bool = False

    def get_item(self, **_: Any) -> dict[str, Any]:
        if self.reads_fail:
            raise EndpointConnectionError(endpoint_url="https://dynamodb.example")
        return {"Item": self.item} if self.item else {}

    def put_item(self, **given: Any) -> None:
        if self.writes_fail:
            raise refusal("put_item", "ProvisionedThroughputExceededException")
        read = given.get("ExpressionAttributeValues", {}).get(":read")
        if read != (self.item["version"] if self.item else None):
            raise refusal("put_item", "ConditionalCheckFailedException")
        self.item = given["Item"]


@dataclass
class Gateway:
    """The built-in authorizer: keys of up to two hours ago, and nothing fetched between."""

    kids: set[str] = field(default_factory=set)
    fetched_at: float = float("-inf")

    def refresh(self, key_ring: KeyRing, now: float) -> None:
        if now - self.fetched_at >= GATEWAY_SECONDS:
            keys: Any = key_ring.keys().jwks["keys"]
            self.kids, self.fetched_at = {key["kid"] for key in keys}, now


class Year:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.clock, self.rotation_clock = Clock(), Clock()
        self.account = KmsAccount(self.clock)
        self.kms = StrictKms(MemoryKeys(), self.account)
        self.table, self.reading = MemoryTable(), MemoryTable()
        self.rotation = self.new_rotation()
        # So that keys begin to sign between a token and the run that follows it.
        self.clock.now = self.rotation_clock.now = START - STEP_SECONDS / 2
        self.rotation.run()
        self.clock.now = START
        self.reading.item = self.table.item
        self.start_issuer()
        self.gateways = [
            Gateway(fetched_at=self.clock.now - GATEWAY_SECONDS + start * STEP_SECONDS)
            for start in range(1, 7)
        ]
        for gateway in self.gateways:
            gateway.kids = set(self.published_kids())
        self.oldest_signing_key = 0
        self.tokens, self.backups = 0, {0: self.table.item}
        self.alive: list[str] = []
        self.seen: Counter[str] = Counter()

    def new_rotation(self) -> Rotation:
        settings = Settings(
            key_ring_table="ring",
            key_owner=OWNER,
            period_seconds=PERIOD_DAYS * DAY,
            token_seconds=TOKEN_SECONDS,
            issuer_function="issuer",
            issuer_role=ISSUER_ROLE,
            rotation_role=ROTATION_ROLE,
            stage="dev",
        )
        return build(
            settings,
            kms=self.kms,
            dynamodb=self.table,
            clock=self.rotation_clock,
            sleep=lambda _: None,
        )

    def start_issuer(self) -> None:
        """A new environment of the issuer, without keys."""
        self.key_ring = KeyRing(self.reading, "ring", Clocks(self.clock, self.clock), PATIENT)
        self.signing = Signing(self.key_ring, self.kms)

    def published_kids(self) -> list[str]:
        keys: Any = self.key_ring.keys().jwks["keys"]
        return [key["kid"] for key in keys]

    def step(self, *, runs: bool, clock_ahead: float = 0) -> None:
        end = self.clock.now + STEP_SECONDS
        self.clock.now += RUN_AT_SECONDS
        if runs:
            self.run(clock_ahead=clock_ahead)
        self.clock.now = end
        self.reading.item = self.table.item
        for gateway in self.gateways:
            gateway.refresh(self.key_ring, self.clock.now)
        token, kid = self.signing.token({"sub": "billing"}, self.clock.now, self.passed_over)
        assert jwt.get_unverified_header(token)["kid"] == kid
        self.tokens += 1
        # The one before has lived for its time and every leeway.
        self.alive = [*self.alive[-1:], kid]
        for gateway in self.gateways:
            assert set(self.alive) <= gateway.kids, f"day {(self.clock.now - START) / DAY:.2f}"

    def passed_over(self, _kid: str, reason: str) -> None:
        self.seen[reason] += 1

    def run(self, *, clock_ahead: float = 0, **arguments: Any) -> None:
        self.rotation_clock.now = self.clock.now + clock_ahead
        try:
            done = self.rotation.run(**arguments)
        except (Killed, ClientError, RingChanged, ClockWrong) as error:
            self.seen[type(error).__name__] += 1
            return
        self.seen["found"] += len(done.found)
        self.seen.update(failure.kind for failure in done.failures)
        self.oldest_signing_key = max(self.oldest_signing_key, done.key_age_seconds)

    def key(self, position: int) -> Any:
        """The account's key at a position of the ring, with the present one at 0."""
        keys = self.key_ring.keys().keys
        signer = self.key_ring.keys().signer(self.clock.now)
        return self.account.keys[keys[keys.index(signer) + position].kms_key_id]


Fault = Callable[[Year, float], None]


def denied_deletions(year: Year, day: float) -> None:
    denied = 40 <= day < 140
    year.kms.faults["schedule_key_deletion"] = "AccessDeniedException" if denied else ""


def denied_making(year: Year, day: float) -> None:
    """Two days, now and then, and for the first days after a key has begun to sign."""
    denied = day % PERIOD_DAYS < 2 and 150 < day < 200
    year.kms.faults["create_key"] = "LimitExceededException" if denied else ""


def killed_runs(year: Year, _: float) -> None:
    if year.random.random() < 0.3:
        year.kms.killed_after = year.random.choice(["create_key", "get_public_key"])


def disabled_key(year: Year, day: float) -> None:
    if day == 75:
        year.key(0).state = "Disabled"


def next_key_deleted_by_hand(year: Year, day: float) -> None:
    if day == 112:
        year.key(1).state = "PendingDeletion"


def table_down_for_the_issuer(year: Year, day: float) -> None:
    year.reading.reads_fail = day % 20 < 0.5 and day > 1


def unwritable_ring(year: Year, day: float) -> None:
    year.table.writes_fail = day % 25 < 0.4


def slow_second_run(year: Year, _: float) -> None:
    """Another run's write falls between a run's reading and writing."""
    other = year.new_rotation()

    def interrupted(_: dict[str, Any]) -> str:
        del year.kms.faults["get_public_key"]
        with suppress(Killed, ClientError, RingChanged):
            other.run()
        return ""

    if year.random.random() < 0.2:
        year.kms.faults["get_public_key"] = interrupted


def rotated_now(year: Year, day: float) -> None:
    if day in (201, 201.5, 340):
        year.run(replace_now=True)


def old_ring_put_back(year: Year, day: float) -> None:
    if day == 250:
        year.table.item = year.backups[170]


def new_environments(year: Year, day: float) -> None:
    if year.random.random() < 0.1 and not year.reading.reads_fail and not 250 <= day < 250.2:
        year.start_issuer()


FAULTS: tuple[Fault, ...] = (
    denied_deletions,
    denied_making,
    killed_runs,
    disabled_key,
    next_key_deleted_by_hand,
    table_down_for_the_issuer,
    unwritable_ring,
    slow_second_run,
    rotated_now,
    old_ring_put_back,
    new_environments,
)


def schedule_is_off(day: float) -> bool:
    return 20 <= day < 23 or 262 <= day < 325


def clock_ahead(day: float) -> float:
    """The run's clock: forty days ahead for a day, and once a year behind."""
    return 40 * DAY if 90 <= day < 91 else -DAY if 95 <= day < 96 else 0


class AtOnce(Thread):
    """Reading memory takes no time: to start a thread 26,000 times takes longer than all else."""

    def start(self) -> None:
        self.run()


def test_in_a_year_with_every_fault_no_valid_token_is_refused_and_no_key_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("token_issuer.key_ring.Thread", AtOnce)
    year = Year(seed=1)
    for step in range(365 * STEPS_OF_A_DAY):
        day = step / STEPS_OF_A_DAY
        for fault in FAULTS:
            fault(year, day)
        if step % STEPS_OF_A_DAY == 0:
            year.backups[int(day)] = year.table.item
        hourly = step % STEPS_OF_AN_HOUR == STEPS_OF_AN_HOUR - 1
        year.step(runs=hourly and not schedule_is_off(day), clock_ahead=clock_ahead(day))
    assert year.tokens == 365 * STEPS_OF_A_DAY
    assert year.oldest_signing_key < (PERIOD_DAYS + 63) * DAY
    year.kms.faults.clear()
    year.kms.killed_after = ""
    year.table.writes_fail = year.reading.reads_fail = False
    for _ in range(2 * STEPS_OF_A_DAY):
        year.step(runs=True)
    published = {key.kms_key_id for key in year.key_ring.keys().keys}
    assert year.account.enabled() <= published
    assert set(year.seen) >= {
        "ClientError",
        "ClockWrong",
        "Killed",
        "RingChanged",
        "delete",
        "found",
        "kms_DisabledException",
    }
