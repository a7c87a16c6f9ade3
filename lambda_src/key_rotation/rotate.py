"""Start here: one run. The ring and the time -> keys deleted, keys made, a ring written.

The ring is written last: it never names a key that was not made, and a key that is due to go is
still named until it has gone. A run that cannot write deletes what it has made. Running it too
often does nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from key_rotation.key_ring import KeyRing, SigningKey
from key_rotation.kms_keys import KmsKeys
from key_rotation.plan import RotationTimes, plan
from key_rotation.ring_table import RingTable

Clock = Callable[[], float]
"""Returns seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a run has done: the `kid`s that it has published and withdrawn, and those that stand."""

    published: tuple[str, ...]
    withdrawn: tuple[str, ...]
    ring: tuple[str, ...]


class Rotation:
    """Runs the rotation of one issuer's keys."""

    def __init__(self, table: RingTable, keys: KmsKeys, times: RotationTimes, clock: Clock) -> None:
        self._table = table
        self._keys = keys
        self._times = times
        self._clock = clock

    def run(self) -> Rotated:
        """Do what the time asks for.

        Raises:
            RotationError: The run stops; a later one takes over from what the table says.
        """
        stored = self._table.read()
        steps = plan(stored.ring, int(self._clock()), self._times)
        made: list[SigningKey] = []
        if steps.new_signs_from or steps.leaving:
            for key in steps.leaving:
                self._keys.delete(key)
            try:
                for signs_from in steps.new_signs_from:
                    made.append(self._keys.create(signs_from))  # noqa: PERF401  # a failure must leave the list as it is
                self._table.replace(stored, KeyRing((*steps.staying, *made)))
            except BaseException:
                self._delete_unless_stored(made)
                raise
        return Rotated(_kids(made), _kids(steps.leaving), _kids((*steps.staying, *made)))

    def _delete_unless_stored(self, made: Sequence[SigningKey]) -> None:
        """A write whose answer was lost may have been done: only what the table says counts."""
        stored = {key.kms_key_id for key in self._table.read().ring.keys}
        for key in made:
            if key.kms_key_id not in stored:
                self._keys.delete(key)

    def end(self) -> None:
        """Delete every key and the ring: the issuer itself is being deleted."""
        for key in self._table.read().ring.keys:
            self._keys.delete(key)
        self._table.clear()


def _kids(keys: Sequence[SigningKey]) -> tuple[str, ...]:
    return tuple(key.jwk["kid"] for key in keys)
