"""Start here: one run. The ring, KMS and the time -> a ring written, and then keys deleted.

Make and write first, delete last. Nothing that cannot be deleted stops a rotation: it stays on a
list in the table and is tried again in an hour. A key that no ring names, because a run was killed
or an old ring was put back, has our tag: it is found, and published when a key is needed or deleted
when none is. Running too often does nothing.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from function_kit.aws import AWS_ERRORS, error_code
from function_kit.key_ring import KeyRing, RingInvalid, SigningKey, StoredRing
from key_rotation.errors import KeysLeft
from key_rotation.kms_keys import KeyState, KmsKeys
from key_rotation.plan import KNOWN_AFTER_SECONDS, RotationTimes, next_key, plan
from key_rotation.ring_table import RingTable

Clock = Callable[[], float]
"""Returns seconds since the epoch."""

Answer = TypeVar("Answer")

SETTLED_SECONDS: Final = 1_800
"""A key that is younger may belong to a run that has not written its ring yet."""

DAY_HOURS: Final = 24
HOUR_SECONDS: Final = 3_600


@dataclass(frozen=True, slots=True)
class Failure:
    """What a run could not do: `kind` is a stable word, `detail` AWS's code and the key's id."""

    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a run has done.

    Attributes:
        published: The `kid`s that it has published.
        found: Which of these belonged to keys that no ring named.
        withdrawn: The `kid`s that it has withdrawn.
        ring: Those that stand.
        key_age_seconds: For how long the present key has been signing.
        next_signs_in_seconds: When the next one begins.
        failures: What it could not do, and the next run will try again.
    """

    published: tuple[str, ...]
    found: tuple[str, ...]
    withdrawn: tuple[str, ...]
    ring: tuple[str, ...]
    key_age_seconds: int
    next_signs_in_seconds: int
    failures: tuple[Failure, ...]


class Rotation:
    """Runs the rotation of one issuer's keys."""

    def __init__(self, table: RingTable, keys: KmsKeys, times: RotationTimes, clock: Clock) -> None:
        self._table = table
        self._keys = keys
        self._times = times
        self._clock = clock

    def run(self, *, replace_now: bool = False) -> Rotated:
        """Rotate what is due now.

        Args:
            replace_now: Let the next key take over at once, or as soon as every gateway knows it.

        Raises:
            RotationError: The run stops; a later one takes over from what the table says.
            ClientError: A key is missing and cannot be made. All else has been done.
        """
        attempts = _Attempts()
        stored, now = self._table.read(), int(self._clock())
        states = self._states(stored.ring, attempts)
        unusable = {state.kms_key_id for state in states if not state.usable}
        replace_from = _known_from(stored.ring, states, unusable, now) if replace_now else None
        steps = plan(stored.ring, now, self._times, unusable, replace_from)
        lost = self._lost(stored, now, attempts) if steps.starts or _is_daily(now) else []
        found, made, missing = self._published(steps.starts, lost)
        ring = KeyRing((*steps.staying, *found, *made))
        adopted = {key.kms_key_id for key in found}
        ending = {
            *stored.ending,
            *(key.kms_key_id for key in steps.leaving),
            *(state.kms_key_id for state in lost if state.kms_key_id not in adopted),
        }
        wanted = StoredRing(ring, stored.version, frozenset(ending))
        self._write_and_end(stored, wanted, now, attempts)
        if missing is not None:
            raise missing
        return _rotated(ring, [*found, *made], found, steps.leaving, now, attempts)

    def end(self) -> None:
        """Delete every key and the ring: the issuer itself is being deleted.

        Raises:
            KeysLeft: Some could not be found or deleted; the ring is kept, so that it can be tried
                again.
        """
        attempts = _Attempts()
        try:
            stored = self._table.read()
        except RingInvalid:
            stored = StoredRing(KeyRing(), 0)
        known = {*(key.kms_key_id for key in stored.ring.keys), *stored.ending}
        owned = attempts.do("find", "by tag", partial(self._keys.owned, known)) or []
        self._end([*known, *(state.kms_key_id for state in owned)], attempts)
        if attempts.failures:
            left = "; ".join(f"{failure.kind} {failure.detail}" for failure in attempts.failures)
            raise KeysLeft(f"keys are left: {left}")
        self._table.clear()

    def _states(self, ring: KeyRing, attempts: "_Attempts") -> list[KeyState]:
        """Return what KMS knows of the published keys; one that it cannot tell is usable."""
        ids = [key.kms_key_id for key in ring.keys]
        states = [
            attempts.do("describe", key_id, partial(self._keys.state, key_id)) for key_id in ids
        ]
        return [state for state in states if state is not None]

    def _lost(self, stored: StoredRing, now: int, attempts: "_Attempts") -> list[KeyState]:
        known = {*(key.kms_key_id for key in stored.ring.keys), *stored.ending}
        owned = attempts.do("find", "by tag", partial(self._keys.owned, known)) or []
        return [state for state in owned if state.created_at + SETTLED_SECONDS <= now]

    def _published(
        self, starts: Sequence[int], lost: Iterable[KeyState]
    ) -> tuple[list[SigningKey], list[SigningKey], Exception | None]:
        """Publish keys for these starts; return those found, those made, and why one is missing."""
        usable = [state.kms_key_id for state in lost if state.usable]
        found: list[SigningKey] = []
        made: list[SigningKey] = []
        # One by one: what is there before a failure counts.
        try:
            for key_id, signs_from in zip(usable, starts, strict=False):
                found.append(self._keys.adopt(key_id, signs_from))
            for signs_from in starts[len(found) :]:
                made.append(self._keys.create(signs_from))  # noqa: PERF401
        except AWS_ERRORS as error:
            return found, made, error
        return found, made, None

    def _write_and_end(
        self, stored: StoredRing, wanted: StoredRing, now: int, attempts: "_Attempts"
    ) -> None:
        if wanted != stored:
            stored = self._table.replace(stored, wanted.ring, wanted.ending, now)
        left = self._end(sorted(wanted.ending), attempts)
        if left != wanted.ending:
            self._table.replace(stored, wanted.ring, left, now)

    def _end(self, key_ids: Collection[str], attempts: "_Attempts") -> frozenset[str]:
        """Delete keys; return those that are still there."""
        return frozenset(
            key_id
            for key_id in key_ids
            if not attempts.do("delete", key_id, partial(self._deleted, key_id))
        )

    def _deleted(self, key_id: str) -> bool:
        self._keys.delete(key_id)
        return True


class _Attempts:
    """Does what may fail without stopping the run, and keeps what did."""

    def __init__(self) -> None:
        self.failures: list[Failure] = []

    def do(self, kind: str, what: str, call: Callable[[], Answer]) -> Answer | None:
        """Return the call's answer; None if AWS refuses it."""
        try:
            return call()
        except AWS_ERRORS as error:
            self.failures.append(Failure(kind, f"{what}: {error_code(error)}"))
        return None


def _is_daily(now: int) -> bool:
    """Return whether it is the time of day to look for keys that no ring names."""
    return now // HOUR_SECONDS % DAY_HOURS == 0


def _known_from(
    ring: KeyRing, states: Iterable[KeyState], unusable: Collection[str], now: int
) -> int:
    """Return now, or the time when every gateway knows the next key."""
    following = next_key(ring, now, unusable)
    created = [
        state.created_at
        for state in states
        if following and state.kms_key_id == following.kms_key_id
    ]
    return max([now, *(int(at) + KNOWN_AFTER_SECONDS for at in created)])


def _rotated(
    ring: KeyRing,
    published: Sequence[SigningKey],
    found: Sequence[SigningKey],
    withdrawn: Sequence[SigningKey],
    now: int,
    attempts: _Attempts,
) -> Rotated:
    begun = [key.signs_from for key in ring.keys if key.signs_from <= now]
    following = [key.signs_from for key in ring.keys if key.signs_from > now]
    return Rotated(
        published=_kids(published),
        found=_kids(found),
        withdrawn=_kids(withdrawn),
        ring=_kids(ring.keys),
        key_age_seconds=now - max(begun, default=now),
        next_signs_in_seconds=min(following, default=now) - now,
        failures=tuple(attempts.failures),
    )


def _kids(keys: Iterable[SigningKey]) -> tuple[str, ...]:
    return tuple(key.kid for key in keys)
