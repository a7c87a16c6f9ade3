"""Any event at all: a decision or `Unauthorized`, and never another exception."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.attacks.bench import usual_mint
from tests.attacks.gateway_event import gateway_event
from tests.attacks.target import Target
from tests.property.json_values import json_values, texts

GOOD = f"Bearer {usual_mint().token()}"
NAMES = st.sampled_from(
    ["headers", "authorization", "Authorization", "identitySource", "routeKey", "requestContext"]
)
VALUES = st.sampled_from([GOOD, "GET /orders", "Bearer a.b.c", "Bearer "]) | json_values(NAMES)
MEMBERS = st.sampled_from(sorted(gateway_event(GOOD)))


@given(json_values(NAMES, leaves=20))
def test_any_json_value_as_an_event_is_refused(target: Target, event: Any) -> None:
    """R6: nothing here carries a good token."""
    assert target.judge(event).status == 401


@given(st.dictionaries(MEMBERS, VALUES, max_size=4), st.dictionaries(texts, VALUES, max_size=3))
def test_an_event_with_members_replaced_is_allowed_only_as_it_was(
    target: Target, members: dict[str, Any], headers: dict[str, Any]
) -> None:
    """R1 to R6, P7: whoever is allowed sent the good token, once, for the route with a rule."""
    event = {**gateway_event(GOOD), **members}
    if isinstance(event["headers"], dict):
        event["headers"] = {**event["headers"], **headers}
    verdict = target.judge(event)
    assert verdict.status in (200, 401, 403)
    if verdict.status == 200:
        values = [v for k, v in event["headers"].items() if k.lower() == "authorization"]
        assert values == [GOOD]
        assert event["routeKey"] == "GET /orders"


@given(st.text(st.characters(), max_size=60))
@example("Bearer")
@example("bearer .")
@example("Bearer \u212a.b.c")
def test_any_text_as_the_authorization_header_is_refused(target: Target, value: str) -> None:
    """R1: whatever the bytes."""
    assert target.judge(gateway_event(value)).status == 401


@given(st.binary(max_size=60))
def test_any_bytes_behind_bearer_are_refused(target: Target, raw: bytes) -> None:
    """R1, E8: as Latin-1, which is how a gateway hands on what is not ASCII."""
    assert target.judge(gateway_event(f"Bearer {raw.decode('latin-1')}")).status == 401


@pytest.mark.parametrize("separator", [" ", "\t", ",", ", ", ";", "\n", "\x00"])
@given(st.lists(st.sampled_from(["Bearer", GOOD, GOOD[7:], "Basic dTpw", ""]), max_size=5))
def test_credentials_put_together_pass_only_if_they_are_one(
    target: Target, separator: str, parts: list[str]
) -> None:
    """R2: joined by anything."""
    value = separator.join(parts)
    one = value.removeprefix("Bearer").lstrip(" ") == GOOD[7:] and value.startswith("Bearer ")
    assert target.judge(gateway_event(value)).status == (200 if one else 401)
