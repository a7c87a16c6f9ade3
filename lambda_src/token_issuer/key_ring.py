"""The table's item -> PublishedKeys, without ever waiting long for the table.

Cached keys are served at once: a table that is slow costs the caller 40 ms at most, for the read
goes on in a thread of its own and its result serves the next caller. An old ring is
a good one: every key in it was published for days before it signs, and `key_rotation.plan` counts
on no ring older than `MAX_AGE_SECONDS`.
"""

from concurrent.futures import Future
from dataclasses import dataclass
from threading import Thread
from typing import Final

from function_kit.aws import AWS_ERRORS, AwsClient
from function_kit.key_ring import ITEM_KEY, RingInvalid, StoredRing
from jwt_verifier.freshness import Attempts, Clocks, Moment
from token_issuer.errors import Unavailable
from token_issuer.published_keys import PublishedKeys

FRESH_SECONDS: Final = 60.0
MAX_AGE_SECONDS: Final = 86_400.0
LOST_SECONDS: Final = 15.0
"""When a read counts as lost: the SDK gives up sooner, but not while Lambda freezes its thread."""

RETRY_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a caller waits for the table, in seconds.

    Attributes:
        with_keys: While a ring is cached.
        without_keys: While there is none: API Gateway gives the key set 1.5 s (HTTP API quotas).
    """

    with_keys: float
    without_keys: float


PATIENCE: Final = Patience(with_keys=0.04, without_keys=1.2)


@dataclass(frozen=True, slots=True)
class _Read:
    """One read, from its beginning: its answer is as old as that."""

    started_at: Moment
    answer: Future[StoredRing]


@dataclass(frozen=True, slots=True)
class _Held:
    stored: StoredRing
    read_at: Moment


class KeyRing:
    """The published keys, cached for an execution environment, which serves one request at once.

    Args:
        dynamodb: A client of the SDK.
        table: The table that holds the ring.
        clocks: Both of them.
        patience: How long a caller waits.
    """

    def __init__(
        self,
        dynamodb: AwsClient,
        table: str,
        clocks: Clocks,
        patience: Patience = PATIENCE,
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._clocks = clocks
        self._attempts = Attempts(clocks.monotonic)
        self._patience = patience
        self._held: _Held | None = None
        self._read: _Read | None = None
        self._failure: Exception | None = None

    def keys(self) -> PublishedKeys:
        """Return the published keys.

        Raises:
            Unavailable: They cannot be read in time, and the cached ones are too old.
        """
        if not self._holds_fresh_keys():
            self._refresh()
        if self._held and self._holds_usable_keys():
            return PublishedKeys(self._held.stored.ring.keys)
        raise Unavailable(
            "the signing keys cannot be read now", RETRY_SECONDS, "key_ring_unavailable"
        ) from self._failure

    def _holds_fresh_keys(self) -> bool:
        held = self._held
        return held is not None and self._clocks.is_fresh(held.read_at, FRESH_SECONDS)

    def _holds_usable_keys(self) -> bool:
        held = self._held
        return held is not None and self._clocks.age_seconds(held.read_at) < MAX_AGE_SECONDS

    def _refresh(self) -> None:
        self._collect(0)
        if self._holds_fresh_keys():
            return
        in_hand = self._holds_usable_keys()
        if in_hand and not self._attempts.may_retry():
            return
        if self._read is None or not self._clocks.is_fresh(self._read.started_at, LOST_SECONDS):
            self._read = self._begin()
        self._collect(self._patience.with_keys if in_hand else self._patience.without_keys)

    def _collect(self, seconds: float) -> None:
        """Take what the read has brought, if it comes within so many seconds."""
        read = self._read
        if read is None:
            return
        try:
            stored = read.answer.result(seconds)
        except TimeoutError:
            return
        except (*AWS_ERRORS, RingInvalid) as error:
            self._failure = error
        else:
            self._attempts.succeed()
            self._hold(stored, read.started_at)
        self._attempts.end()
        self._read = None

    def _hold(self, stored: StoredRing, read_at: Moment) -> None:
        """Keep the newer of the cached ring and the one read.

        A backup that was put back has an older version: the cached keys are better, until the
        rotation has mended the table.
        """
        if self._held and stored.version < self._held.stored.version:
            stored = self._held.stored
        self._held = _Held(stored, read_at)

    def _begin(self) -> _Read:
        self._attempts.begin()
        read = _Read(self._clocks.now(), Future())
        Thread(target=self._finish, args=(read.answer,), name="key-ring", daemon=True).start()
        return read

    def _finish(self, answer: Future[StoredRing]) -> None:
        try:
            answer.set_result(self._asked())
        except Exception as error:  # noqa: BLE001  # raised where the answer is collected
            answer.set_exception(error)

    def _asked(self) -> StoredRing:
        answer = self._dynamodb.get_item(
            TableName=self._table, Key=dict(ITEM_KEY), ConsistentRead=True
        )
        stored = StoredRing.from_item(answer.get("Item"))
        if not stored.ring.keys:
            raise RingInvalid("the table holds no key; invoke the key rotation")
        return stored
