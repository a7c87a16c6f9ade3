from typing import Any

import pytest

from function_kit.split_cookie import ACCESS
from session.cookies import (
    EARLIER,
    MAX_HEADER_BYTES,
    MAX_PARTS,
    MAX_VALUE_CHARACTERS,
    SESSION,
    Cookies,
    delete_session,
    set_session,
)
from session.errors import CookieInvalid, TokensTooLarge


def kept(lines: list[str]) -> dict[str, str]:
    """What a browser has after these Set-Cookie lines."""
    pairs = {line.partition("=")[0]: line for line in lines}
    assert len(pairs) == len(lines)
    return {
        name: line.partition("=")[2].partition(";")[0]
        for name, line in pairs.items()
        if not line.endswith("Max-Age=0")
    }


def read(jar: dict[str, str]) -> Cookies:
    return Cookies.of({"cookies": [f"{name}={value}" for name, value in jar.items()]})


@pytest.mark.parametrize("length", [1, 3_799, 3_800, 3_801, 7_600, 7_601])
def test_a_value_of_any_length_comes_back_whole(length: int) -> None:
    value = "".join(chr(65 + index % 26) for index in range(length))
    jar = kept(set_session(value, 60, "s", 90))
    assert len(jar) == 1 + -(-length // MAX_VALUE_CHARACTERS)
    assert max(map(len, jar.values())) <= MAX_VALUE_CHARACTERS
    assert read(jar).value(ACCESS) == value
    assert read(jar).value(SESSION) == "s"


def test_every_part_there_can_be_is_set_or_deleted() -> None:
    names = {f"{name}{part}" for name in (ACCESS, SESSION) for part in ("", "-1", "-2")}
    for lines in (set_session("a", 60, "s", 90), set_session("a" * 7_601, 60, "s", 90)):
        assert {line.partition("=")[0] for line in lines} == names
    assert {line.partition("=")[0] for line in delete_session()} == {*names, *EARLIER}
    assert kept(delete_session()) == {}


def test_what_fits_exactly_is_set_and_one_more_is_not() -> None:
    framing = len(f"{ACCESS}=; {ACCESS}-1=; {SESSION}=; {SESSION}-1=")
    room = MAX_HEADER_BYTES - framing - 4_000
    jar = kept(set_session("a" * 4_000, 60, "s" * room, 90))
    assert len("; ".join(f"{name}={value}" for name, value in jar.items())) == MAX_HEADER_BYTES
    with pytest.raises(TokensTooLarge, match="larger than 8192 bytes"):
        set_session("a" * 4_000, 60, "s" * (room + 1), 90)


def test_no_value_that_fits_has_more_parts_than_are_read() -> None:
    assert MAX_PARTS * MAX_VALUE_CHARACTERS > MAX_HEADER_BYTES


@pytest.mark.parametrize("event", [{}, {"cookies": None}, {"cookies": []}, {"cookies": ["", "x"]}])
def test_a_request_without_our_cookies_has_none(event: dict[str, Any]) -> None:
    cookies = Cookies.of(event)
    assert not cookies.has(ACCESS)
    assert cookies.value(ACCESS) == ""


@pytest.mark.parametrize(
    "jar", [[f"{ACCESS}-1=b"], [f"{ACCESS}=a", f"{ACCESS}-2=c"], [f"{ACCESS}=a", f"{ACCESS}=a"]]
)
def test_parts_that_are_missing_or_doubled_are_no_value(jar: list[str]) -> None:
    cookies = Cookies.of({"cookies": jar})
    assert cookies.has(ACCESS)
    with pytest.raises(CookieInvalid):
        cookies.value(ACCESS)


@pytest.mark.parametrize("name", [ACCESS, SESSION])
def test_names_are_such_that_no_script_can_set_them(name: str) -> None:
    assert name.startswith("__Host-Http-")


def test_each_cookie_lives_no_longer_than_what_it_holds() -> None:
    ages = {
        line.partition("=")[0]: line.rpartition("Max-Age=")[2]
        for line in set_session("a", 60, "s", 90)
    }
    assert (ages[ACCESS], ages[SESSION]) == ("60", "90")


@pytest.mark.parametrize("cookies", ["a", {"a": "b"}, [1], [None]])
def test_cookies_that_are_not_a_list_of_texts_are_invalid(cookies: object) -> None:
    read_cookies = Cookies.of({"cookies": cookies})
    assert read_cookies.has(ACCESS)
    with pytest.raises(CookieInvalid):
        read_cookies.value(ACCESS)
