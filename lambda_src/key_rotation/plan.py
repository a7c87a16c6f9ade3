"""The ring and the time -> what a run has to do. Pure: the whole state machine of the rotation.

A key is published, signs from a time that is fixed when it is published, and leaves after its
successor has signed for so long that none of its tokens is alive. Because the time is in the ring
and not in a run, a late run delays the next rotation and never breaks one: whoever signs picks the
key by the clock, whoever verifies has had hours to learn of it.
"""

from dataclasses import dataclass
from typing import Final

from key_rotation.key_ring import KeyRing, SigningKey

GATEWAY_KEY_CACHE_SECONDS: Final = 7_200
"""API Gateway may keep an issuer's keys for two hours ("JWT authorizers for HTTP APIs")."""

DOCUMENT_CACHE_SECONDS: Final = 300
"""The JWKS's Cache-Control, for whatever stands between."""

ISSUER_CACHE_SECONDS: Final = 86_400
"""How old a ring the issuer may serve when the table cannot be read."""

MARGIN_SECONDS: Final = 78_900
"""Verifiers that keep a key set for most of a day, clocks that differ, and time to notice; it makes
the whole lead two days."""

PUBLISH_AHEAD_SECONDS: Final = (
    GATEWAY_KEY_CACHE_SECONDS + DOCUMENT_CACHE_SECONDS + ISSUER_CACHE_SECONDS + MARGIN_SECONDS
)

LONGEST_LEEWAY_SECONDS: Final = 300
"""The most that our authorizer forgives after `exp`."""


@dataclass(frozen=True, slots=True)
class RotationTimes:
    """How long, in seconds.

    Attributes:
        period: How long a key signs.
        publish_ahead: How long it is published before it signs, at least.
        keep: How long it stays published after its successor has begun to sign.
    """

    period: int
    publish_ahead: int
    keep: int


def rotation_times(period_seconds: int, token_seconds: int) -> RotationTimes:
    """The times for tokens that live `token_seconds`."""
    keep = token_seconds + LONGEST_LEEWAY_SECONDS + ISSUER_CACHE_SECONDS
    return RotationTimes(period_seconds, PUBLISH_AHEAD_SECONDS, keep)


@dataclass(frozen=True, slots=True)
class Steps:
    """What a run has to do.

    Attributes:
        new_signs_from: For each key to make, when it is to begin to sign.
        leaving: Keys that nobody needs any more.
        staying: All others, in order.
    """

    new_signs_from: tuple[int, ...]
    leaving: tuple[SigningKey, ...]
    staying: tuple[SigningKey, ...]


def plan(ring: KeyRing, now: int, times: RotationTimes) -> Steps:
    """What to do now; nothing, if it has just been done.

    A next key is always published while the present one signs. Only the very first key signs at
    once: before it, nobody can have cached anything.

    Args:
        ring: The published keys.
        now: Seconds since the epoch.
        times: How long each stage lasts.
    """
    leaving = tuple(
        key
        for key, successor in zip(ring.keys, ring.keys[1:], strict=False)
        if successor.signs_from + times.keep <= now
    )
    staying = ring.keys[len(leaving) :]
    return Steps(_starts(ring, now, times), leaving, staying)


def _starts(ring: KeyRing, now: int, times: RotationTimes) -> tuple[int, ...]:
    if not ring.keys:
        return (now, now + max(times.period, times.publish_ahead))
    newest = ring.keys[-1]
    if newest.signs_from > now:
        return ()
    return (max(newest.signs_from + times.period, now + times.publish_ahead),)
