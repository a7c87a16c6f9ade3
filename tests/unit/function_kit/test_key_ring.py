from typing import Any

import pytest

from function_kit.key_ring import ITEM_KEY, KeyRing, RingInvalid, SigningKey, StoredRing

KEY = '{"kms_key_id": "a", "signs_from": 1, "jwk": {"kid": "k"}}'
RING = KeyRing((SigningKey("key-1", 1, {"kid": "a"}), SigningKey("key-2", 9, {"kid": "b"})))


@pytest.mark.parametrize(
    "stored",
    [StoredRing(KeyRing(), 1), StoredRing(RING, 7), StoredRing(RING, 7, frozenset({"old", "er"}))],
    ids=["empty", "keys", "ending"],
)
def test_an_item_is_read_as_it_was_written(stored: StoredRing) -> None:
    item = stored.to_item()
    assert item.items() >= ITEM_KEY.items()
    assert StoredRing.from_item(item) == stored


def test_a_table_without_an_item_is_the_ring_before_the_first_write() -> None:
    assert StoredRing.from_item(None) == StoredRing(KeyRing(), 0)


@pytest.mark.parametrize(
    "text",
    [
        *("", "no json", "null", "1", '{"keys": []}', "[1]", "[[]]", f"{KEY}"),
        '[{"kms_key_id": "a"}]',
        KEY.join("[]").replace('"kid": "k"', ""),
        KEY.join("[]").replace('"kid": "k"', '"kid": ""'),
        KEY.join("[]").replace('"signs_from": 1', '"signs_from": "soon"'),
        KEY.join("[]").replace('"jwk": {"kid": "k"}', '"jwk": 1'),
    ],
)
def test_a_damaged_ring_is_never_guessed_at(text: str) -> None:
    with pytest.raises(RingInvalid, match="damaged .*; restore its item$"):
        KeyRing.from_json(text)


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"keys": {"S": "[]"}},
        {"version": {"N": "1"}},
        {"keys": {"S": "[]"}, "version": {"N": "one"}},
        {"keys": {"B": b""}, "version": {"N": "1"}},
    ],
)
def test_an_item_without_keys_or_version_is_damaged(item: Any) -> None:
    with pytest.raises(RingInvalid, match="lacks keys or version; restore its item$"):
        StoredRing.from_item(item)
