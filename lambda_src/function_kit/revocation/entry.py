"""A revocation <-> its item in DynamoDB, or an error that names the field, its problem and the fix.

Pure. Items sort by the time of their writing, so that a reader can ask for changes alone.
"""

import re
import secrets
from dataclasses import dataclass
from typing import Final, Literal, get_args

from function_kit.revocation.table_keys import ENTRY, LIST, REVOCATIONS, TIME_TO_LIVE, Attributes

Kind = Literal["sub", "origin_jti", "jti", "client", "all"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

BY_TIME: Final[frozenset[Kind]] = frozenset({"sub", "client", "all"})
"""Kinds that hit what is older than a time; of the others one value is one token or one sign-in."""

MAX_TEXT_BYTES: Final = 1_024
MAX_SECONDS: Final = 99_999_999_999
"""The year 5138, in seconds since the epoch: more is a time in milliseconds."""

KIND: Final = "kind"
ISSUER: Final = "issuer"
VALUE: Final = "value"
ISSUED_BEFORE: Final = "issued_before"

_WHOLE: Final = re.compile(r"0|[1-9][0-9]{0,12}", re.ASCII)
_REFERENCE_BYTES: Final = 8
_TIME_DIGITS: Final = 15
_ENTRY: Final = re.compile(rf"[0-9]{{{_TIME_DIGITS}}}#[0-9a-f]{{{2 * _REFERENCE_BYTES}}}", re.ASCII)


class RevocationInvalid(Exception):
    """A revocation that says nothing, or too much; the message is one line, meant for a person."""


@dataclass(frozen=True, slots=True)
class Revocation:
    """What is taken back.

    Attributes:
        kind: `jti` one token, `origin_jti` all tokens of one sign-in (a user pool's), `sub` a
            person, `client` an app, `all` everything of the issuer.
        issuer: the name that the access table gives the issuer, for a subject is unique within one
            issuer only; it covers each form of a user pool's.
        value: the claim's text; empty for `all`.
        issued_before: seconds since the epoch; what is newer is not hit, so that a person can sign
            in again. None for `jti` and `origin_jti`, which nothing newer has.
    """

    kind: Kind
    issuer: str
    value: str = ""
    issued_before: int | None = None

    def __post_init__(self) -> None:
        """Refuse what is incomplete. Raises RevocationInvalid."""
        known_kind(self.kind)
        _check_text(ISSUER, self.issuer)
        if self.kind != "all":
            _check_text(VALUE, self.value)
        elif self.value:
            raise RevocationInvalid("value: kind all hits every token; leave it out")
        if self.kind not in BY_TIME:
            if self.issued_before is not None:
                raise RevocationInvalid(
                    f"issued_before: a {self.kind} is hit whenever it was issued; leave it out"
                )
        elif not _is_seconds(self.issued_before):
            raise RevocationInvalid(
                f"issued_before: {self.issued_before!r:.80}; give whole seconds since 1970"
            )


@dataclass(frozen=True, slots=True)
class KeptRevocation:
    """A revocation as it stands in the table, until `expires_at`, in seconds since the epoch."""

    revocation: Revocation
    expires_at: int


def known_kind(kind: object) -> Kind:
    """Return a kind that is spelt right. Raises RevocationInvalid."""
    for known in KINDS:
        if known == kind:
            return known
    raise RevocationInvalid(f"kind: {kind!r:.80}; give one of {', '.join(KINDS)}")


def new_item(revocation: Revocation, *, now: float, lifetime_seconds: int) -> Attributes:
    """Return the item to put; each has a key of its own, and none is ever changed.

    Args:
        revocation: what is taken back.
        now: seconds since the epoch.
        lifetime_seconds: the longest life of a token that it may hit, leeway included.
    """
    since = max(int(now) + 1, revocation.issued_before or 0)
    item: Attributes = {
        LIST: {"S": REVOCATIONS},
        ENTRY: {"S": f"{written_at(now)}#{secrets.token_hex(_REFERENCE_BYTES)}"},
        KIND: {"S": revocation.kind},
        ISSUER: {"S": revocation.issuer},
        TIME_TO_LIVE: {"N": str(since + lifetime_seconds)},
    }
    if revocation.value:
        item[VALUE] = {"S": revocation.value}
    if revocation.issued_before is not None:
        item[ISSUED_BEFORE] = {"N": str(revocation.issued_before)}
    return item


def written_at(now: float) -> str:
    """Return where the entries of a time begin: milliseconds since the epoch, sortable text."""
    return f"{max(0, int(now * 1000)):0{_TIME_DIGITS}d}"


def read_item(item: object) -> KeptRevocation:
    """Read an item of the list; attributes that are not of the format are left to their writer.

    Args:
        item: as DynamoDB's API answers with it, untrusted.

    Raises:
        RevocationInvalid: it is not one that `new_item` makes.
    """
    if not isinstance(item, dict):
        raise RevocationInvalid("item: is not an object; only items of the list stand in it")
    entry, kind, issuer, value = (
        _attribute(item, name, "S") for name in (ENTRY, KIND, ISSUER, VALUE)
    )
    if not _ENTRY.fullmatch(entry or ""):
        raise RevocationInvalid(f"{ENTRY}: {entry!r:.80}; put the entry anew, by its time")
    expires_at = _seconds(item, TIME_TO_LIVE)
    if expires_at is None:
        raise RevocationInvalid(f"{TIME_TO_LIVE}: missing; say when the entry may be forgotten")
    found = Revocation(known_kind(kind), issuer or "", value or "", _seconds(item, ISSUED_BEFORE))
    return KeptRevocation(found, expires_at)


def expired_item(item: object, now: float) -> bool:
    """Return whether an item may be forgotten, whatever else it says: DynamoDB deletes it late."""
    try:
        expires_at = _seconds(item, TIME_TO_LIVE) if isinstance(item, dict) else None
    except RevocationInvalid:
        return False
    return expires_at is not None and expires_at <= now


def key_of(item: object) -> str | None:
    """Return an item's key in the list; None of what has none."""
    entry = item.get(ENTRY) if isinstance(item, dict) else None
    text = entry.get("S") if isinstance(entry, dict) else None
    return text if isinstance(text, str) else None


def _attribute(item: dict[object, object], name: str, type_name: str) -> str | None:
    if name not in item:
        return None
    attribute = item[name]
    text = attribute.get(type_name) if isinstance(attribute, dict) else None
    if not isinstance(text, str):
        raise RevocationInvalid(f"{name}: is not of the type {type_name}; put the entry anew")
    return text


def _seconds(item: dict[object, object], name: str) -> int | None:
    text = _attribute(item, name, "N")
    if text is None:
        return None
    if not _WHOLE.fullmatch(text):
        raise RevocationInvalid(f"{name}: {text!r:.80}; give whole seconds since 1970")
    return int(text)


def _is_seconds(value: object) -> bool:
    return type(value) is int and 0 <= value <= MAX_SECONDS


def _check_text(name: str, text: object) -> None:
    if not isinstance(text, str) or not text:
        raise RevocationInvalid(f"{name}: {text!r:.80}; give a text that is not empty")
    if text.isascii():
        size = len(text)
    else:
        try:
            size = len(text.encode())
        except UnicodeEncodeError:
            raise RevocationInvalid(f"{name}: it cannot be stored; give Unicode text") from None
    if size > MAX_TEXT_BYTES:
        raise RevocationInvalid(f"{name}: {size} bytes; give at most {MAX_TEXT_BYTES}")
