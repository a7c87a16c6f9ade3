"""Whatever stands in the list is read as what it says, or refused in one line: nothing else."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from function_kit.revocation.entry import (
    KINDS,
    Revocation,
    RevocationInvalid,
    expired_item,
    key_of,
    new_item,
    read_item,
)
from tests.property.json_values import json_values

NOW = 1_800_000_000.0
GOOD = new_item(Revocation("sub", "cognito", "ana", 1), now=NOW, lifetime_seconds=900)
ATTRIBUTES = st.one_of(
    json_values(),
    st.fixed_dictionaries({"S": st.one_of(st.text(), st.sampled_from(KINDS))}),
    st.fixed_dictionaries({"N": st.one_of(st.text(), st.integers().map(str))}),
)


@given(json_values())
def test_no_item_ends_its_reader(item: Any) -> None:
    refused_or_read(item)


@given(st.sampled_from(sorted(GOOD)), ATTRIBUTES)
def test_no_attribute_does(name: str, value: Any) -> None:
    refused_or_read({**GOOD, name: value})


def refused_or_read(item: Any) -> None:
    key_of(item)
    expired_item(item, NOW)
    words = "one line"
    try:
        kept = read_item(item)
    except RevocationInvalid as refusal:
        words = str(refusal)
    else:
        written = new_item(kept.revocation, now=NOW, lifetime_seconds=0)
        for name in ("kind", "issuer", "value", "issued_before"):
            assert json.dumps(item.get(name)) == json.dumps(written.get(name)), name
    assert len(words.splitlines()) == 1
