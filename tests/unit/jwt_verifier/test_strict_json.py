import pytest

from jwt_verifier.strict_json import (
    JsonInvalid,
    RepeatedMembers,
    parse,
    parse_object,
    parse_tolerating_repeats,
)


def test_an_object_is_parsed_with_its_types() -> None:
    assert parse_object(b'{"a": [1, 2.5, true, null, "\xc3\xa4"]}') == {
        "a": [1, 2.5, True, None, "ä"]
    }


def test_any_value_is_parsed_where_no_object_is_asked_for() -> None:
    assert parse(b"[1]") == [1]


@pytest.mark.parametrize("raw", [b"[]", b"1", b'"a"', b"null"])
def test_another_value_than_an_object_is_refused(raw: bytes) -> None:
    with pytest.raises(JsonInvalid, match="^not a JSON object$"):
        parse_object(raw)


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'{"a": 1,}', "not JSON"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b'{"a": "\x01"}', "not JSON"),
        ("{}".encode("utf-16"), "not UTF-8"),
        ('{"a": 1}'.encode("utf-32-le"), "not JSON"),
        (b'{"a": "\xed\xa0\x80"}', "not UTF-8"),
        (b'{"a": "\xe4"}', "not UTF-8"),
        (b'{"a": NaN}', "NaN or infinity"),
        (b'{"a": -Infinity}', "NaN or infinity"),
        (b'{"a": 1e400}', "number out of range"),
        (b'{"a": ' + b"9" * 309 + b"}", "integer too long"),
        (b'{"a": ' + b"9" * 5000 + b"}", "integer too long"),
        (b'{"a": 1, "a": 1}', "duplicate members"),
        (b'{"a": {"b": 1, "\\u0062": 2}}', "duplicate members"),
    ],
)
def test_what_two_parsers_could_read_differently_is_refused(raw: bytes, problem: str) -> None:
    with pytest.raises(JsonInvalid, match=f"^{problem}$"):
        parse_object(raw)


def test_the_longest_integer_that_a_double_holds_is_accepted() -> None:
    assert parse_object(b'{"a": ' + b"9" * 308 + b"}") == {"a": int("9" * 308)}


def nested(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


def test_sixty_four_levels_are_accepted() -> None:
    assert "a" in parse_object(nested(64))


@pytest.mark.parametrize(
    "raw",
    [
        nested(65),
        b"[" * 65 + b"]" * 65,
        b'{"a": ' + b"[" * 100_000,
        b'{"s": "[\\"{", "a": ' + b"[" * 64 + b"]" * 64 + b"}",
    ],
    ids=["objects", "arrays", "unclosed", "behind a string"],
)
def test_more_levels_are_refused(raw: bytes) -> None:
    with pytest.raises(JsonInvalid, match="^nested too deep$"):
        parse(raw)


def test_brackets_in_strings_and_beside_each_other_are_no_levels() -> None:
    raw = b'{"a": "' + b"[{" * 80 + b'\\"[", "b": [' + b",".join([b"[]"] * 80) + b"]}"
    assert parse_object(raw)["b"] == [[]] * 80


def test_an_unterminated_string_full_of_quotes_is_refused_in_linear_time() -> None:
    raw = b'{"a": ' + b"[" * 64 + b'"' + b'\\"' * 1_000_000
    with pytest.raises(JsonInvalid):
        parse(raw)


def test_an_object_with_repeated_members_is_handed_over_as_such_where_that_is_asked_for() -> None:
    parsed = parse_tolerating_repeats(b'{"keys": [{"kid": "a", "kid": "b"}, {"kid": "c"}]}')
    assert isinstance(parsed, dict)
    repeated, whole = parsed["keys"]
    assert isinstance(repeated, RepeatedMembers)
    assert repeated.pairs == [("kid", "a"), ("kid", "b")]
    assert whole == {"kid": "c"}
