"""The table's list and a token -> was it taken back, and may anybody say so?

The list is kept in memory. Younger than its bound it costs no call; older, one reading within
200 ms: whole at first, then what was written since, with an overlap. A reading that ends too early
is gone on with by the next one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Final, NamedTuple, Protocol

from function_kit.revocation.entry import (
    Kind,
    RevocationInvalid,
    expired_item,
    key_of,
    read_item,
    written_at,
)
from function_kit.revocation.errors import ListUnreadable
from function_kit.revocation.kept_list import KeptList
from function_kit.revocation.role_credentials import RoleCredentials
from function_kit.revocation.settings import Settings
from function_kit.revocation.table_reader import Page, TableReader
from jwt_verifier.freshness import Clocks, Moment
from jwt_verifier.tokens import VerifiedToken

READ_SECONDS: Final = 0.2
"""For a reading that a caller waits for."""

FIRST_READ_SECONDS: Final = 2.0
"""For the one at the start, which nobody waits for."""

FAILURES_IN_A_ROW: Final = 2
"""One may be a packet that got lost, and the next caller tries at once; two are an outage."""

REST_SECONDS: Final = 1.0
"""Between two readings in an outage: not every caller waits for one."""

OVERLAP_SECONDS: Final = 360.0
"""How long before the last reading the next one begins. An entry's key is its writer's time, and
AWS refuses a call that is signed more than five minutes off ("Create a signed AWS API request", IAM
user guide); the rest is for a write that takes long."""

Report = Callable[[str], None]
"""Takes why the list cannot be read, which is safe to log."""


class Standing(NamedTuple):
    """What is known of a token.

    Attributes:
        revoked_by: what has taken it back; None for nothing that is known.
        unknown_because: why nobody may say that it is good; None if one may.
    """

    revoked_by: Kind | None
    unknown_because: str | None


class Reader(Protocol):
    """What the list is read from."""

    def page(self, after: str | None, now: float, timeout_seconds: float) -> Page:
        """As `TableReader.page`."""


@dataclass(slots=True)
class _Reading:
    """One way through the list, from its beginning or from a time on.

    Attributes:
        began: when: what is written later need not be in it.
        after: where its next page begins.
        fault: what it has met that makes it worth nothing, if anything.
    """

    began: Moment
    after: str | None
    fault: str | None = None


class Revocations:
    """Keeps the list as young as it must be; safe for threads.

    Args:
        reader: what it is read from.
        age_seconds: how old it may be where something is decided by it.
        fails_open: whether to decide by what is known while it cannot be read.
        report: what to tell when it cannot be read.
        clocks: the real ones, or a test's.
        kept: the list.
    """

    def __init__(
        self,
        reader: Reader,
        *,
        age_seconds: float,
        fails_open: bool,
        report: Report,
        clocks: Clocks,
        kept: KeptList | None = None,
    ) -> None:
        self._reader = reader
        self._age_seconds = age_seconds
        self._fails_open = fails_open
        self._report = report
        self._clocks = clocks
        self._kept = KeptList() if kept is None else kept
        self._as_of: Moment | None = None
        self._reading: _Reading | None = None
        self._failures = 0
        self._failed_at: Moment | None = None
        # Keys of what the next reading meets once more, because it begins with an overlap.
        self._known: set[str | None] = set()
        self._problem = "not read yet"
        self._lock = Lock()

    def warm_up(self) -> None:
        """Read the list now; if that cannot be done, it is read when it is needed."""
        with self._lock:
            self._read(FIRST_READ_SECONDS)

    def standing(self, token: VerifiedToken) -> Standing:
        """Return what is known of a token, after reading the list if it is too old."""
        is_current = self._is_fresh() or self._refresh()
        revoked_by = self._kept.hit(token, self._clocks.wall())
        unknown = None if is_current or self._fails_open else self._problem
        return Standing(revoked_by, unknown)

    def _is_fresh(self) -> bool:
        return self._as_of is not None and self._clocks.is_fresh(self._as_of, self._age_seconds)

    def _refresh(self) -> bool:
        with self._lock:
            # Another thread may have read it while this one waited.
            if not self._is_fresh() and self._may_read():
                self._read(READ_SECONDS)
            return self._is_fresh()

    def _may_read(self) -> bool:
        if self._failures < FAILURES_IN_A_ROW or self._failed_at is None:
            return True
        return self._clocks.age_seconds(self._failed_at) >= REST_SECONDS

    def _read(self, seconds: float) -> None:
        try:
            self._read_pages(seconds)
            self._failures = 0
        except ListUnreadable as problem:
            self._failures += 1
            self._failed_at = self._clocks.now()
            self._problem = str(problem)
            self._report(self._problem)

    def _read_pages(self, seconds: float) -> None:
        deadline = self._clocks.monotonic() + seconds
        while not self._is_fresh():
            left = deadline - self._clocks.monotonic()
            if left <= 0:
                raise ListUnreadable(f"not read whole within {seconds:g} s")
            self._read_page(left)

    def _read_page(self, seconds: float) -> None:
        reading = self._reading = self._reading or self._new_reading()
        page = self._reader.page(reading.after, self._clocks.wall(), seconds)
        for item in page.items:
            self._keep(item, reading)
        reading.after = page.last
        if page.last is not None:
            return
        self._reading = None
        if reading.fault is not None:
            # The next one begins where this one did, and meets it again until it is gone.
            raise ListUnreadable(reading.fault)
        self._as_of = reading.began

    def _new_reading(self) -> _Reading:
        now = self._clocks.now()
        self._kept.forget_expired(now.wall_seconds)
        if self._as_of is None:
            return _Reading(now, None)
        after = written_at(self._as_of.wall_seconds - OVERLAP_SECONDS)
        self._known = {key for key in self._known if key is not None and key > after}
        return _Reading(now, after)

    def _keep(self, item: object, reading: _Reading) -> None:
        """Keep an item; one that nobody can read does not keep the others from counting."""
        key = key_of(item)
        if key in self._known:
            return
        now = reading.began.wall_seconds
        try:
            kept = read_item(item)
            if kept.expires_at > now:
                self._kept.add(kept)
            self._known.add(key)
        except (RevocationInvalid, ListUnreadable) as error:
            if not expired_item(item, now):
                reading.fault = reading.fault or f"entry {key!r:.64}: {error}"


def from_environment(
    environment: Mapping[str, str], *, report: Report, clocks: Clocks
) -> Revocations:
    """Return the revocations that a function's environment names, unread.

    Args:
        environment: its variables; the role's credentials are taken from them at each reading.
        report: what to tell when the list cannot be read.
        clocks: the real ones, or a test's.

    Raises:
        SettingsInvalid: a variable is missing or wrong; the message names it and the fix.
    """
    settings = Settings.from_env(environment)
    reader = TableReader(
        settings.endpoint,
        settings.region,
        settings.table,
        RoleCredentials(environment),
        clocks.monotonic,
    )
    return Revocations(
        reader,
        age_seconds=settings.age_seconds,
        fails_open=settings.unreadable == "open",
        report=report,
        clocks=clocks,
    )
