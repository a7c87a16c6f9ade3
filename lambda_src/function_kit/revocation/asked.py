"""What an administrator asks for, by name -> a revocation, or an error that names the field. Pure.

The command and the API take the same words, so what one refuses the other does too.
"""

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from function_kit.revocation.entry import Kind, Revocation, RevocationInvalid

BEFORE: Final = "before"
ISSUER: Final = "issuer"
KIND_OF: Final[Mapping[str, Kind]] = {
    "sub": "sub",
    "origin_jti": "origin_jti",
    "jti": "jti",
    "client": "client",
    BEFORE: "all",
}
"""What may be asked for, by the field's name."""

FIELDS: Final = (*KIND_OF, ISSUER)

_UNTIL_NOW: Final[frozenset[Kind]] = frozenset({"sub", "client"})
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_DIGITS: Final = re.compile(r"[0-9]{1,11}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Issuers:
    """The issuers that may be named, as the access table calls them.

    Attributes:
        names: Of all of them.
        default: Whose token is meant if none is named: the user pool's.
    """

    names: Collection[str]
    default: str


def asked_for(fields: Mapping[str, object], issuers: Issuers, now: float) -> Revocation:
    """Return what is to be refused from now on.

    Args:
        fields: One of `sub`, `origin_jti`, `jti`, `client` and `before`, and `issuer` where it is
            not the user pool. `before` is a time, as "2027-01-31T09:00:00Z" or in seconds since
            the epoch, or "now"; a person's and a client's tokens are refused up to now.
        issuers: Those that may be named.
        now: Seconds since the epoch.

    Raises:
        RevocationInvalid: One line: the field, its problem and the fix.
    """
    for name in fields:
        if name not in FIELDS:
            raise RevocationInvalid(f"{name!r:.80}: unknown; give {_choices()}")
    named = [name for name in KIND_OF if name in fields]
    if len(named) != 1:
        raise RevocationInvalid(
            f"{' and '.join(named) or 'nothing'} given; give exactly one of {_choices()}"
        )
    [name] = named
    issuer = _issuer(fields, issuers)
    value = fields[name]
    if name == BEFORE:
        return Revocation("all", issuer, issued_before=_time(value, now))
    text = _text(name, value)
    before = math.ceil(now) if KIND_OF[name] in _UNTIL_NOW else None
    return Revocation(KIND_OF[name], issuer, text, before)


def _issuer(fields: Mapping[str, object], issuers: Issuers) -> str:
    given = fields.get(ISSUER, issuers.default)
    if not isinstance(given, str) or given not in issuers.names:
        known = ", ".join(sorted(issuers.names))
        raise RevocationInvalid(f"{ISSUER}: {given!r:.80}; give one of {known}")
    return given


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise RevocationInvalid(f"{name}: {value!r:.80}; give a text that is not empty")
    if _TOKEN.fullmatch(value.strip()):
        # Not quoted: it may be a token that somebody still uses.
        raise RevocationInvalid(f"{name}: it has the form of a token; give the value of its claim")
    if value != value.strip() or not value.isprintable():
        raise RevocationInvalid(
            f"{name}: {value!r:.80}; give the claim's value alone, without spaces around it"
        )
    return value


def _time(value: object, now: float) -> int:
    seconds = math.ceil(now) if value == "now" else _seconds(value)
    if seconds is None:
        raise RevocationInvalid(
            f"{BEFORE}: {value!r:.80}; give a time with its zone as 2027-01-31T09:00:00Z, whole "
            "seconds since 1970, or now"
        )
    if seconds > math.ceil(now):
        raise RevocationInvalid(
            f"{BEFORE}: {value!r:.80} is in the future; give now, or an earlier time"
        )
    return seconds


def _seconds(value: object) -> int | None:
    if type(value) is int and value >= 0:
        return value
    if not isinstance(value, str):
        return None
    if _DIGITS.fullmatch(value):
        return int(value)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    seconds = math.ceil(moment.timestamp())
    return seconds if seconds >= 0 else None


def _choices() -> str:
    return f"{', '.join(name for name in KIND_OF if name != BEFORE)} or {BEFORE}"
