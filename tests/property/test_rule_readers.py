"""Hostile policies and hostile calls, for every word that a rule may ask."""

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorizer.policy import RoutePolicy
from aws_jwt_authorizer.access import rules
from aws_jwt_authorizer.access.rules import Rule
from jwt_verifier.errors import SettingsInvalid
from tests.fuzz.rule_readers import (
    DOCUMENT,
    EVERY_WORD,
    GOOD_CALLS,
    POLICY,
    ROUTES,
    call_seeds,
    policy_seeds,
    read_call,
    read_policy,
    token_of,
)
from tests.property.json_values import json_values
from tests.property.random_rules import NOW

NAMES = st.sampled_from(
    ("claims", "path", "scopes", "groups", "p", "q", "r", "i", "j", "sub", "amr", "auth_time")
)
Place = tuple[str | int, ...]


def places(value: Any, here: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Each value of a document, and the way to it."""
    yield here, value
    for name, inner in value.items() if isinstance(value, dict) else ():
        yield from places(inner, (*here, name))
    for index, inner in enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, (*here, index))


def with_value(place: Place, value: Any) -> bytes:
    """The policy with another value in one place."""
    document = json.loads(json.dumps(DOCUMENT))
    inner = document
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    return json.dumps(document).encode()


PLACES = [(place, value) for place, value in places(DOCUMENT) if place]
OBJECTS = [
    (place, value)
    for place, value in PLACES
    if isinstance(value, dict) and place not in (("routes",), ("claims_for_backends",))
]
PARTS = [
    (place, value)
    for place, value in PLACES
    if len(place) > 2 and place[0] == "routes" and "in_words" not in place and "cookie" not in place
]


@pytest.mark.parametrize(
    "word",
    [
        *(field.name for field in fields(Rule) if field.name != "check"),
        *("AnyOf", "Contains", "ContainsAny", "NoOlderThan", "Not", "Number", "OneOf"),
        "PathParameter",
    ],
)
def test_every_word_of_a_rule_stands_in_the_rules_that_are_attacked(word: str) -> None:
    if word in rules.__all__:
        assert f"{word}(" in repr(EVERY_WORD)
    else:
        each = [rule for asked in EVERY_WORD for rule in getattr(asked, "rules", (asked,))]
        assert any(getattr(rule, word) for rule in each)


def test_a_seed_of_each_kind_passes_the_readers() -> None:
    for seed in policy_seeds():
        read_policy(seed)
    for seed in call_seeds():
        read_call(seed)


@pytest.mark.parametrize("number", range(len(ROUTES)))
def test_each_rule_allows_its_good_call_and_nothing_that_says_nothing(number: int) -> None:
    good = GOOD_CALLS[number]
    path = good.get("path", {})
    assert POLICY.decide(token_of(good), ROUTES[number], path, NOW).allowed
    assert not POLICY.decide(token_of({}), ROUTES[number], path, NOW).allowed


@pytest.mark.parametrize(("place", "value"), OBJECTS, ids=str)
def test_a_policy_with_a_member_too_many_or_too_few_is_refused(place: Place, value: Any) -> None:
    """Silence never grants, and a word that is not known never counts as met."""
    if place[:1] == ("routes",):
        with pytest.raises(SettingsInvalid, match="POLICY_FILE"):
            RoutePolicy.from_json(with_value(place, {**value, "or_else": True}))
    for name in value:
        kept = (
            () if place[-1] == "be_number" else value.keys() - {name}
        )  # each bound may be left out
        fewer = {other: value[other] for other in kept}
        with pytest.raises(SettingsInvalid, match="POLICY_FILE"):
            RoutePolicy.from_json(with_value(place, fewer))


@pytest.mark.parametrize("junk", [None, 1.5, {}, {"x": 1}, [[]], [None], [{}], ""], ids=str)
def test_a_policy_with_junk_in_the_place_of_a_part_of_a_rule_is_refused(junk: Any) -> None:
    for place, value in PARTS:
        if not _may_stand_at(place, value, junk):
            with pytest.raises(SettingsInvalid, match="POLICY_FILE"):
                RoutePolicy.from_json(with_value(place, junk))


def _may_stand_at(place: Place, value: Any, junk: Any) -> bool:
    """Whether it means something there: no condition at all, a bound, the empty text."""
    asks_nothing = place[-1] == "any_of" and junk == [[]]
    is_bound = "be_number" in place and isinstance(value, int | float) and junk == 1.5
    is_text = junk == "" and place[-2] in ("be_one_of", "contain_all", "contain_any")
    return asks_nothing or is_bound or is_text


@given(place=st.sampled_from([place for place, _ in PLACES]), value=json_values(NAMES))
def test_a_policy_that_is_changed_anywhere_is_refused_or_decides(place: Place, value: Any) -> None:
    read_policy(with_value(place, value))


@given(
    call=st.fixed_dictionaries(
        {},
        optional={
            "claims": json_values(NAMES) | st.dictionaries(NAMES, json_values(NAMES, leaves=4)),
            "path": st.dictionaries(st.sampled_from("ij"), json_values(leaves=1)),
            "scopes": json_values(leaves=3),
            "groups": json_values(leaves=3),
            "token_use": json_values(leaves=1),
        },
    )
)
def test_no_rule_allows_a_hostile_call_that_the_oracle_denies(call: Any) -> None:
    read_call(json.dumps(call).encode())


@given(call=st.sampled_from(GOOD_CALLS), data=st.data())
def test_no_rule_allows_a_good_call_with_one_thing_changed_that_the_oracle_denies(
    call: Any, data: st.DataObject
) -> None:
    document = json.loads(json.dumps(call))
    place, _ = data.draw(st.sampled_from([found for found in places(document) if found[0]]))
    inner = document
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = data.draw(json_values(NAMES, leaves=4))
    read_call(json.dumps(document).encode())
