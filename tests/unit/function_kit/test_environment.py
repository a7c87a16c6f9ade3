import math
import re
from typing import Literal, get_args

import pytest

from function_kit.client_environment import openid_scopes, required_origin, required_url
from function_kit.environment import matching, one_of, required, seconds, whole_number
from jwt_verifier.errors import SettingsInvalid

Method = Literal["client_secret", "private_key"]
READERS = {
    "required": required,
    "matching": lambda given, name: matching(given, name, re.compile("[a-z]+"), "give letters"),
    "one_of": lambda given, name: one_of(given, name, get_args(Method)),
    "whole_number": lambda given, name: whole_number(given, name, 1, 5),
    "required_url": required_url,
    "required_origin": required_origin,
    "openid_scopes": openid_scopes,
}


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
@pytest.mark.parametrize("given", [{}, {"NAME": ""}], ids=["absent", "empty"])
def test_every_reader_names_a_variable_that_is_missing_and_says_where_to_set_it(
    read: object, given: dict[str, str]
) -> None:
    assert callable(read)
    with pytest.raises(
        SettingsInvalid, match="^NAME: missing; set it in the function's environment$"
    ):
        read(given, "NAME")


@pytest.mark.parametrize(
    ("reader", "value", "fix"),
    [
        ("matching", "A", "give letters"),
        ("matching", "a\n", "give letters"),
        ("one_of", "none", "give client_secret or private_key"),
        ("whole_number", "6", "give a whole number from 1 to 5"),
        ("whole_number", "0", "give a whole number from 1 to 5"),
        ("whole_number", "1.0", "give a whole number from 1 to 5"),
        ("whole_number", "٣", "give a whole number from 1 to 5"),
        ("whole_number", " 3", "give a whole number from 1 to 5"),
        ("whole_number", "003", "give a whole number from 1 to 5"),
        ("whole_number", "9" * 4_400, "give a whole number from 1 to 5"),
        ("required_url", "https://a.example?b", "give an https URL without query and fragment"),
        ("required_url", "https://a.example#b", "give an https URL without query and fragment"),
        ("required_url", "http://a.example", "give an https URL without query and fragment"),
        ("required_origin", "https://a.example:443", "give an origin as browsers write it"),
        ("required_origin", "http://127.0.0.1:80", "give an origin as browsers write it"),
        ("required_origin", "https://A.example", "give an origin as browsers write it"),
        ("required_origin", "https://a.example/", "give an origin as browsers write it"),
        ("openid_scopes", "openid  email", "give scopes with one space between them"),
        ("openid_scopes", 'openid "', "give scopes with one space between them"),
        ("openid_scopes", "email", "give openid among them"),
    ],
)
def test_a_wrong_value_is_told_with_the_variable_the_value_and_the_fix(
    reader: str, value: str, fix: str
) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        READERS[reader]({"NAME": value}, "NAME")
    assert str(refused.value).startswith(f"NAME: {value!r:.80}; {fix}")


@pytest.mark.parametrize(
    ("reader", "value", "read"),
    [
        ("required", " ", " "),
        ("matching", "abc", "abc"),
        ("one_of", "private_key", "private_key"),
        ("whole_number", "1", 1),
        ("whole_number", "5", 5),
        ("required_url", "https://a.example/b", "https://a.example/b"),
        ("required_url", "http://localhost:1/b", "http://localhost:1/b"),
        ("required_origin", "https://a.example:8443", "https://a.example:8443"),
        ("required_origin", "http://[::1]:3000", "http://[::1]:3000"),
        ("openid_scopes", "email openid orders/read", "email openid orders/read"),
    ],
)
def test_a_good_value_is_read(reader: str, value: str, read: object) -> None:
    assert READERS[reader]({"NAME": value}, "NAME") == read


def test_a_time_that_is_absent_has_its_default() -> None:
    assert math.isclose(seconds({}, "NAME", 1.5, 0.0, 4.0), 1.5)


@pytest.mark.parametrize("value", ["-0.1", "4.1", "nan", "inf", "soon", ""])
def test_a_time_out_of_range_is_told_with_the_range(value: str) -> None:
    fix = "give seconds from 0 to 4"
    with pytest.raises(SettingsInvalid, match=f"^NAME: '{value}'; {fix}$"):
        seconds({"NAME": value}, "NAME", 1.5, 0.0, 4.0)
