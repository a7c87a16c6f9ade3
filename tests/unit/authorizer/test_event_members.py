import pytest

from authorizer.event_members import header_values, object_of


def test_an_object_is_itself() -> None:
    assert object_of({"a": 1}) == {"a": 1}


@pytest.mark.parametrize("value", [None, [], "a", 1, True, ["a"], [("a", 1)]])
def test_anything_else_is_an_empty_object(value: object) -> None:
    assert object_of(value) == {}


def test_a_header_is_found_in_every_spelling_of_its_name() -> None:
    headers = {"Origin": 1, "origin": "b", "ORIGIN": None, "origin ": "d", "x-origin": "e"}
    assert header_values(headers, "origin") == [1, "b", None]


@pytest.mark.parametrize("headers", [None, [], "origin", 1, {}, {1: "a"}, {None: "a"}])
def test_headers_of_another_shape_hold_nothing(headers: object) -> None:
    assert header_values(headers, "origin") == []
