from typing import Any

import pytest

from authorizer.access_cookie import find, join
from authorizer.errors import CredentialsAmbiguous
from jwt_verifier.errors import TokenMalformed, TokenOversized


def token_of(*cookies: str) -> str:
    return join(find(list(cookies)))


def test_a_token_is_the_value_of_its_cookie() -> None:
    assert token_of("__Host-Http-access=a.b.c") == "a.b.c"
    assert token_of("theme=dark", "__Host-Http-access=a-_.b.c", "lang=en") == "a-_.b.c"


@pytest.mark.parametrize("count", [2, 3, 11])
def test_parts_are_put_together_by_their_numbers_in_any_order_of_the_cookies(count: int) -> None:
    parts = [f"part{number}." for number in range(count)]
    later = [f"__Host-Http-access-{number}={parts[number]}" for number in range(1, count)]
    assert token_of(*reversed(later), f"__Host-Http-access={parts[0]}") == "".join(parts)


@pytest.mark.parametrize("cookies", [None, []])
def test_without_cookies_there_is_nothing(cookies: object) -> None:
    assert find(cookies) == {}


@pytest.mark.parametrize(
    "cookie",
    [
        "access=a.b.c", "Host-access=a.b.c", "__Secure-access=a.b.c", "__host-access=a.b.c", "__HOST-access=a.b.c",
        "__Host-Access=a.b.c", "__Host-=a.b.c", "__Host-refresh=a.b.c", " __Host-Http-access=a.b.c", "x=__Host-Http-access=a.b.c",
        "=__Host-Http-access", "a.b.c", "",
    ],
)  # fmt: skip
def test_a_cookie_of_another_name_counts_for_nothing(cookie: str) -> None:
    assert find([cookie]) == {}
    assert token_of("__Host-Http-access=d.e.f", cookie) == "d.e.f"


@pytest.mark.parametrize(
    "cookies", ["__Host-Http-access=a", {"__Host-Http-access": "a"}, 1, True, ()]
)
def test_cookies_that_are_no_list_are_malformed(cookies: object) -> None:
    with pytest.raises(TokenMalformed, match="^the cookies are not a list$"):
        find(cookies)


@pytest.mark.parametrize(
    "cookie", [None, 1, ["__Host-Http-access=a.b.c"], {}, b"__Host-Http-access=a.b.c"]
)
def test_a_cookie_that_is_no_string_is_malformed(cookie: Any) -> None:
    with pytest.raises(TokenMalformed, match="^a cookie is not a string$"):
        find(["__Host-Http-access=a.b.c", cookie])


@pytest.mark.parametrize(
    "name", ["__Host-Http-access", "__Host-Http-access-1", "__Host-Http-access-x"]
)
def test_two_cookies_of_one_name_are_ambiguous_even_if_they_are_equal(name: str) -> None:
    for second in ("a.b.c", "d.e.f"):
        with pytest.raises(CredentialsAmbiguous, match="^two cookies have the same name$"):
            find(["__Host-Http-access=x", f"{name}=a.b.c", f"{name}={second}"])


def test_a_name_ends_at_the_first_equals_sign() -> None:
    assert find(["__Host-Http-access=a=b="]) == {"__Host-Http-access": "a=b="}
    with pytest.raises(CredentialsAmbiguous):
        find(["__Host-Http-access=a=x", "__Host-Http-access=b=y"])


@pytest.mark.parametrize(
    "names",
    [
        ["-1"], ["-1", "-2"], ["", "-2"], ["", "-1", "-3"], ["", "-0"], ["", "-01"], ["", "-1", "-02"], ["", "-1 "],
        ["", "--1"], ["", "-x"], ["", "1"], ["", "-"], ["", "_token"], ["", "-1", "-one"], ["", "-\u0661"], ["-"],
    ],
)  # fmt: skip
def test_a_gap_a_part_without_the_first_or_another_name_is_malformed(names: list[str]) -> None:
    with pytest.raises(TokenMalformed, match="^the cookies are not the parts of one value$"):
        token_of(*(f"__Host-Http-access{name}=a.b.c" for name in names))


@pytest.mark.parametrize(
    "value",
    [
        "", " ", "a.b.c ", " a.b.c", '"a.b.c"', "'a.b.c'", "a b", "a\tb", "a\0b", "a.b.c\n", "a,b", "a=b", "a.b.c=",
        "a%2Eb", "a+b", "a/b", "\u0430.b.c", "\uff41", "\ud800", "Bearer a.b.c", "a;b",
    ],
)  # fmt: skip
def test_a_value_of_other_characters_is_malformed_in_any_part(value: str) -> None:
    for cookies in (
        [f"__Host-Http-access={value}"],
        ["__Host-Http-access=a", f"__Host-Http-access-1={value}"],
        [f"__Host-Http-access={value}", "__Host-Http-access-1=a"],
    ):
        with pytest.raises(TokenMalformed):
            token_of(*cookies)


def test_a_name_without_a_value_is_malformed() -> None:
    with pytest.raises(TokenMalformed):
        token_of("__Host-Http-access")


def test_parts_are_together_no_longer_than_a_header_may_be() -> None:
    longest = "a" * 10_240
    assert token_of(f"__Host-Http-access={longest}") == longest
    halves = [f"__Host-Http-access={longest[:5000]}", f"__Host-Http-access-1={longest[5000:]}"]
    assert token_of(*halves) == longest
    with pytest.raises(TokenOversized, match="10241 characters"):
        token_of(*halves, "__Host-Http-access-2=a")
    with pytest.raises(TokenOversized):
        token_of(f"__Host-Http-access={longest} ")
