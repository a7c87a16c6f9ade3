"""A revocation's item: what is written is read back, and whatever else stands there is refused."""

from typing import Any

import pytest

from function_kit.revocation.entry import (
    BY_TIME,
    KINDS,
    Kind,
    Revocation,
    RevocationInvalid,
    expired_item,
    new_item,
    read_item,
    written_at,
)
from function_kit.revocation.table_keys import ENTRY, LIST, REVOCATIONS

NOW = 1_800_000_000.25
PERSON = Revocation("sub", "cognito", "ana", 1_800_000_001)


def of_kind(kind: Kind) -> Revocation:
    value = "" if kind == "all" else "v"
    return Revocation(kind, "cognito", value, 1_800_000_001 if kind in BY_TIME else None)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_is_read_back(kind: Kind) -> None:
    item = new_item(of_kind(kind), now=NOW, lifetime_seconds=900)
    assert item[LIST] == {"S": REVOCATIONS}
    kept = read_item({**item, "by": {"S": "ana"}, "note": {"M": {}}})
    assert kept.revocation == of_kind(kind)
    assert kept.expires_at == 1_800_000_901


def test_an_entry_for_a_later_time_outlives_the_tokens_that_are_issued_until_then() -> None:
    tomorrow = Revocation("all", "cognito", issued_before=1_800_086_400)
    kept = read_item(new_item(tomorrow, now=NOW, lifetime_seconds=900))
    assert kept.expires_at == 1_800_087_300


def test_entries_sort_by_the_time_of_writing_and_none_takes_anothers_place() -> None:
    times = [0, 1.5, 999_999_999, NOW, NOW + 0.001, 99_999_999_999]
    written = [new_item(PERSON, now=now, lifetime_seconds=1)[ENTRY]["S"] for now in times]
    assert written == sorted(written)
    assert all(at.startswith(f"{written_at(now)}#") for at, now in zip(written, times, strict=True))
    twice = {new_item(PERSON, now=NOW, lifetime_seconds=1)[ENTRY]["S"] for _ in range(2)}
    assert len(twice) == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (("person", "cognito", "ana", 1), "kind: 'person'; give one of sub, origin_jti, jti, "),
        (("sub", "", "ana", 1), "issuer: ''; give a text that is not empty"),
        (("sub", "cognito", "", 1), "value: ''; give a text that is not empty"),
        (("sub", "cognito", None, 1), "value: None; give a text"),
        (("sub", "cognito", "\ud800", 1), "value: it cannot be stored; give Unicode text"),
        (("sub", "cognito", "ä" * 513, 1), "value: 1026 bytes; give at most 1024"),
        (("all", "cognito", "ana", 1), "value: kind all hits every token; leave it out"),
        (("sub", "cognito", "ana", None), "issued_before: None; give whole seconds since 1970"),
        (("sub", "cognito", "ana", True), "issued_before: True; give whole seconds since 1970"),
        (("sub", "cognito", "ana", -1), "issued_before: -1; give whole seconds since 1970"),
        (("all", "cognito", "", 1_800_000_000_000), "issued_before: 1800000000000; give whole"),
        (("jti", "cognito", "j", 1), "issued_before: a jti is hit whenever it was issued; leave"),
    ],
)
def test_a_revocation_that_is_incomplete_names_its_field_and_the_fix(
    fields: tuple[Any, ...], words: str
) -> None:
    with pytest.raises(RevocationInvalid) as refusal:
        Revocation(*fields)
    assert str(refusal.value).startswith(words)


@pytest.mark.parametrize(
    ("value", "before"), [("a" * 1024, 0), ("ä" * 512, 99_999_999_999)], ids=["ASCII", "Unicode"]
)
def test_the_longest_text_and_both_ends_of_time_are_taken(value: str, before: int) -> None:
    longest = Revocation("sub", value, value, before)
    assert read_item(new_item(longest, now=NOW, lifetime_seconds=900)).revocation == longest


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"entry": None}, "entry: None; put the entry anew, by its time"),
        ({"entry": {"S": "!"}}, "entry: '!'; put the entry anew, by its time"),
        ({"kind": None}, "kind: None; give one of"),
        ({"kind": {"N": "1"}}, "kind: is not of the type S; put the entry anew"),
        ({"kind": "sub"}, "kind: is not of the type S"),
        ({"issuer": {"S": None}}, "issuer: is not of the type S"),
        ({"value": None}, "value: ''; give a text that is not empty"),
        ({"issued_before": None}, "issued_before: None; give whole seconds"),
        ({"issued_before": {"N": "1e9"}}, "issued_before: '1e9'; give whole seconds"),
        ({"issued_before": {"N": "1" * 5_000}}, "issued_before: '1111"),
        ({"expires_at": None}, "expires_at: missing; say when the entry may be forgotten"),
        ({"expires_at": {"S": "1"}}, "expires_at: is not of the type N"),
        ({"expires_at": {"N": "-1"}}, "expires_at: '-1'; give whole seconds"),
    ],
)
def test_an_item_that_nobody_may_have_written_is_refused(
    change: dict[str, Any], words: str
) -> None:
    item = {**new_item(PERSON, now=NOW, lifetime_seconds=900), **change}
    given = {name: value for name, value in item.items() if value is not None}
    with pytest.raises(RevocationInvalid) as refusal:
        read_item(given)
    assert str(refusal.value).startswith(words)


def test_an_item_is_over_when_it_says_so_whatever_else_it_says() -> None:
    item = new_item(PERSON, now=NOW, lifetime_seconds=900)
    assert [expired_item(item, now) for now in (NOW, 1_800_000_900, 1_800_000_901)] == [
        *(False, False, True)
    ]
    assert expired_item({"expires_at": {"N": "1"}}, NOW)
    assert not any(
        expired_item(odd, NOW) for odd in (None, {}, {"expires_at": 1}, {"expires_at": {"N": ""}})
    )


@pytest.mark.parametrize("item", [None, [], "item", 1])
def test_what_is_not_an_item_is_refused(item: object) -> None:
    with pytest.raises(RevocationInvalid, match="item: is not an object"):
        read_item(item)
