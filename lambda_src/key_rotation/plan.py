"""The ring and the time -> what a run has to do. Pure: the whole state machine of the rotation.

A key is published, signs from a time that is fixed when it is published, and leaves after its
successor has signed for so long that none of its tokens is alive. Because the time is in the ring
and not in a run, a late run delays the next rotation and never breaks one: the signer picks the
key by the clock, and verifiers have had hours to learn of it.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from function_kit.key_ring import KeyRing, SigningKey

Keys = tuple[SigningKey, ...]

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

KNOWN_AFTER_SECONDS: Final = GATEWAY_KEY_CACHE_SECONDS + DOCUMENT_CACHE_SECONDS
"""When every gateway knows a key, while the issuer's table answers."""

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
    """Return the times for tokens that live `token_seconds`."""
    keep = token_seconds + LONGEST_LEEWAY_SECONDS + ISSUER_CACHE_SECONDS
    return RotationTimes(period_seconds, PUBLISH_AHEAD_SECONDS, keep)


@dataclass(frozen=True, slots=True)
class Steps:
    """What a run has to do.

    Attributes:
        starts: For each key to publish, when it is to begin to sign.
        leaving: Keys that nobody needs any longer.
        staying: All others, in order.
    """

    starts: tuple[int, ...]
    leaving: tuple[SigningKey, ...]
    staying: tuple[SigningKey, ...]


def plan(
    ring: KeyRing,
    now: int,
    times: RotationTimes,
    unusable: Collection[str] = (),
    replace_from: int | None = None,
) -> Steps:
    """Decide what to do now: nothing, if it has just been done.

    A next key is always published while the present one signs. Only the very first key signs at
    once: before it, nobody can have cached anything.

    Args:
        ring: The published keys.
        now: Seconds since the epoch.
        times: How long each stage lasts.
        unusable: Ids of keys that KMS does not let sign: the next key that it does takes over.
        replace_from: When the next key is to take over, whatever the present one is worth.
    """
    leaving = tuple(
        key
        for key, successor in zip(ring.keys, ring.keys[1:], strict=False)
        if successor.signs_from + times.keep <= now
    )
    staying = ring.keys[len(leaving) :]
    if replace_from is None and not _present_is_usable(staying, unusable, now):
        replace_from = now
    if replace_from is not None:
        staying = _replaced(staying, unusable, now, replace_from)
    return Steps(_starts(staying, unusable, now, times), leaving, staying)


def next_key(ring: KeyRing, now: int, unusable: Collection[str] = ()) -> SigningKey | None:
    """Return the key that is to sign next, if there is one that can."""
    following = (key for key in ring.keys if key.signs_from > now)
    return next((key for key in following if key.kms_key_id not in unusable), None)


def _present_is_usable(keys: Keys, unusable: Collection[str], now: int) -> bool:
    begun = [key for key in keys if key.signs_from <= now]
    return bool(begun) and begun[-1].kms_key_id not in unusable


def _replaced(keys: Keys, unusable: Collection[str], now: int, begins: int) -> Keys:
    """Return the keys; the next usable one and those before it start at `begins` at the latest."""
    following = next_key(KeyRing(keys), now, unusable)
    if following is None:
        return keys
    last = keys.index(following)
    earlier = tuple(
        replace(key, signs_from=min(key.signs_from, begins)) for key in keys[: last + 1]
    )
    return (*earlier, *keys[last + 1 :])


def _starts(
    keys: Keys, unusable: Collection[str], now: int, times: RotationTimes
) -> tuple[int, ...]:
    """Return when each missing key must begin, so that one of the following is usable."""
    if next_key(KeyRing(keys), now, unusable):
        return ()
    lead = now + times.publish_ahead
    if _present_is_usable(keys, unusable, now):
        newest = keys[-1].signs_from
        return (max(newest + times.period if newest <= now else newest, lead),)
    # The issuer signs with another published key meanwhile, if there is one that can.
    begins = now + KNOWN_AFTER_SECONDS if _any_usable(keys, unusable) else now
    return (begins, max(begins + times.period, lead))


def _any_usable(keys: Keys, unusable: Collection[str]) -> bool:
    return any(key.kms_key_id not in unusable for key in keys)
