"""kid -> PublicKey: how long keys are kept, and how often they are asked for.

An immutable snapshot is swapped whole, so a key that the issuer withdrew is gone with the next one,
even if that holds no key at all. Only an issuer that gives no key set is served stale keys for.
How old a snapshot may be and how soon to ask again is `freshness`'s to say.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from jwt_verifier.errors import KeysUnavailable, KeyUnknown
from jwt_verifier.freshness import Attempts, Clock, Clocks, Moment
from jwt_verifier.jwks import FOR_ENCRYPTION, PublicKey, PublicKeys
from jwt_verifier.key_source import KeySource


class KeysEvent(StrEnum):
    """What happened to an issuer's keys, as counted in metrics."""

    FETCHED = "jwks_fetched"
    FETCH_FAILED = "jwks_fetch_failed"
    KEYS_SKIPPED = "jwks_keys_skipped"
    NO_USABLE_KEY = "jwks_no_usable_key"
    STALE_SERVED = "jwks_stale_served"


KeysReport = Callable[[KeysEvent, str], None]
"""Takes what happened and a detail that is safe to log."""


@dataclass(frozen=True, slots=True)
class CacheTimes:
    """How long and how often, in seconds.

    Younger than `fresh_seconds`, keys are served without any I/O. Older, they are served after one
    try to fetch newer ones; older than `max_age_seconds`, not at all. `cooldown_seconds` lie
    between two fetches for the sake of an unknown kid.
    """

    fresh_seconds: float
    max_age_seconds: float
    cooldown_seconds: float


@dataclass(frozen=True, slots=True)
class _Snapshot:
    keys: PublicKeys
    fetched_at: Moment


class JwksCache:
    """One issuer's keys. Safe for threads; fetches one at a time."""

    def __init__(
        self,
        source: KeySource,
        times: CacheTimes,
        *,
        wall_clock: Clock,
        monotonic_clock: Clock,
        report: KeysReport,
    ) -> None:
        self._source = source
        self._times = times
        self._fresh_seconds = min(times.fresh_seconds, times.max_age_seconds)
        self._clocks = Clocks(wall_clock, monotonic_clock)
        self._attempts = Attempts(monotonic_clock)
        self._report = report
        self._snapshot: _Snapshot | None = None
        self._fetching = threading.Lock()
        self._failure = KeysUnavailable("the last fetch failed")
        self._stale_reported = False
        self._missed_a_kid = False

    def prefill(self) -> None:
        """Fetch while nobody waits; a failure is reported, not raised.

        If it was the very first fetch, the first caller is not held up by it.
        """
        try:
            self._usable_snapshot()
        except KeysUnavailable:
            if self._attempts.count == 1:
                self._attempts.forget()

    def holds_keys(self) -> bool:
        """Return whether there is a key to verify with; fetches as seldom as `key_for` does."""
        try:
            return bool(self._usable_snapshot().keys.by_kid)
        except KeysUnavailable:
            return False

    def key_for(self, kid: str) -> PublicKey:
        """Return the issuer's key of this kid.

        Raises:
            KeyUnknown: the issuer does not publish it, by a fetch that succeeded.
            KeysUnavailable: no cached keys are young enough, or the kid is unknown and the last
                fetch failed, so that it may well be a good one.
        """
        key = self._usable_snapshot().keys.by_kid.get(kid)
        return key if key is not None else self._look_again(kid)

    def replaced(self, key: PublicKey) -> PublicKey | None:
        """Return what the issuer publishes under a key's kid now, or None if it is still that key.

        For a signature that the key did not make: an issuer may put new material under an old kid
        (RFC 7517 section 4.5 asks it not to). Asks the issuer as seldom as for an unknown kid does,
        all tokens together, and holds nobody up while another thread asks. A fetch that fails says
        nothing about the token, so the key in hand stands.
        """
        if self._may_look_again() and self._fetching.acquire(blocking=False):
            try:
                self._fetch(rediscover=False)
            finally:
                self._fetching.release()
        newest = self._snapshot.keys.by_kid.get(key.kid) if self._snapshot else None
        return newest if newest is not None and newest.checks is not key.checks else None

    def _usable_snapshot(self) -> _Snapshot:
        snapshot = self._snapshot
        if snapshot is not None and self._clocks.is_fresh(snapshot.fetched_at, self._fresh_seconds):
            return snapshot
        if snapshot is None or self._age_seconds(snapshot) >= self._times.max_age_seconds:
            return self._fetched_snapshot()
        return self._refreshed(snapshot)

    def _fetched_snapshot(self) -> _Snapshot:
        """Fetch where nothing can be served, or wait for another thread's fetch."""
        attempts_before = self._attempts.count
        with self._fetching:
            if self._attempts.count == attempts_before and self._attempts.may_retry():
                self._fetch(rediscover=self._snapshot is not None)
        snapshot = self._snapshot
        if snapshot is None or self._age_seconds(snapshot) >= self._times.max_age_seconds:
            raise self._unavailable()
        return snapshot

    def _refreshed(self, stale: _Snapshot) -> _Snapshot:
        """Refresh what can be served meanwhile: nobody waits for another thread's fetch."""
        if self._attempts.may_retry() and self._fetching.acquire(blocking=False):
            try:
                self._fetch(rediscover=True)
            finally:
                self._fetching.release()
        newest = self._snapshot or stale
        if newest is stale and not self._stale_reported:
            self._stale_reported = True
            self._report(KeysEvent.STALE_SERVED, f"{self._age_seconds(stale):.0f} s old")
        return newest

    def _look_again(self, kid: str) -> PublicKey:
        attempts_before = self._attempts.count
        with self._fetching:
            if self._attempts.count == attempts_before and self._may_look_again():
                self._fetch(rediscover=self._missed_a_kid)
            key = self._snapshot.keys.by_kid.get(kid) if self._snapshot else None
            if self._attempts.count != attempts_before:
                # An issuer that moves its keys may leave the old ones where they were.
                self._missed_a_kid = key is None
            if key is not None:
                return key
            if self._attempts.failures:
                raise self._unavailable()
        raise KeyUnknown("the issuer publishes no such kid")

    def _fetch(self, *, rediscover: bool) -> None:
        """Replace the snapshot, or note the failure. Only with the lock held."""
        begun = self._clocks.now()
        self._attempts.begin()
        try:
            keys = self._source.fetch(rediscover=rediscover)
        except KeysUnavailable as failure:
            self._failure = failure
            self._report(KeysEvent.FETCH_FAILED, str(failure))
        else:
            self._snapshot = _Snapshot(keys, begun)
            self._attempts.succeed()
            self._stale_reported = False
            self._report_fetched(keys)
        finally:
            self._attempts.end()

    def _report_fetched(self, keys: PublicKeys) -> None:
        self._report(KeysEvent.FETCHED, f"{len(keys.by_kid)} keys")
        unfit = keys.skipped.keys() - {FOR_ENCRYPTION}
        if unfit or (keys.skipped and not keys.by_kid):
            self._report(KeysEvent.KEYS_SKIPPED, str(dict(keys.skipped)))
        if not keys.by_kid:
            self._report(KeysEvent.NO_USABLE_KEY, "no token of the issuer can be verified")

    def _unavailable(self) -> KeysUnavailable:
        never_had_any = self._snapshot is None
        return KeysUnavailable(
            str(self._failure), nothing_there=never_had_any and self._failure.nothing_there
        )

    def _age_seconds(self, snapshot: _Snapshot) -> float:
        return self._clocks.age_seconds(snapshot.fetched_at)

    def _may_look_again(self) -> bool:
        return self._attempts.have_rested(self._times.cooldown_seconds)
