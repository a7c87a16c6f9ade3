import pytest

from function_kit.split_cookie import (
    ACCESS,
    CookieOversized,
    CookieRepeated,
    CookiesInvalid,
    find,
    join,
    part_names,
)


def test_the_access_token_has_the_name_that_browsers_protect() -> None:
    assert ACCESS == "__Host-Http-access"


@pytest.mark.parametrize(
    ("count", "names"), [(1, ["n"]), (2, ["n", "n-1"]), (4, ["n", "n-1", "n-2", "n-3"])]
)
def test_a_value_is_split_over_numbered_names(count: int, names: list[str]) -> None:
    assert part_names("n", count) == names


@pytest.mark.parametrize("count", [1, 2, 11])
def test_the_parts_of_a_value_come_together_in_any_order_of_the_cookies(count: int) -> None:
    parts = {name: f"part{number}." for number, name in enumerate(part_names("n", count))}
    cookies = ["theme=dark", *reversed([f"{name}={part}" for name, part in parts.items()])]
    assert join(find(cookies, "n"), "n") == "".join(parts.values())


@pytest.mark.parametrize("cookies", [None, [], ["m=a", " n=a", "N=a", "x=n=a", "=n", ""]])
def test_where_no_name_begins_alike_there_is_nothing(cookies: object) -> None:
    assert find(cookies, "n") == {}


@pytest.mark.parametrize("cookies", ["n=a", {"n": "a"}, 1, True, ()])
def test_cookies_are_a_list(cookies: object) -> None:
    with pytest.raises(CookiesInvalid, match="^the cookies are not a list$"):
        find(cookies, "n")


@pytest.mark.parametrize("cookie", [None, 1, ["n=a"], {}, b"n=a"])
def test_each_cookie_is_a_string(cookie: object) -> None:
    with pytest.raises(CookiesInvalid, match="^a cookie is not a string$"):
        find(["n=a", cookie], "n")


@pytest.mark.parametrize("repeated", ["n", "n-1", "n-x"])
def test_a_name_that_comes_twice_is_nobodys(repeated: str) -> None:
    with pytest.raises(CookieRepeated, match="^two cookies have the same name$"):
        find(["n=x", f"{repeated}=a", f"{repeated}=a"], "n")


def test_a_name_ends_at_the_first_equals_sign() -> None:
    assert find(["n=a=b="], "n") == {"n": "a=b="}


@pytest.mark.parametrize(
    "names", [["-1"], ["", "-2"], ["", "-0"], ["", "-01"], ["", "x"], ["", "-"], ["-"]]
)
def test_a_gap_or_another_name_is_no_part(names: list[str]) -> None:
    with pytest.raises(CookiesInvalid, match="^the cookies are not the parts of one value$"):
        join({f"n{name}": "a" for name in names}, "n")


@pytest.mark.parametrize("value", ["", " ", "a ", '"a"', "a b", "a=b", "a+b", "\u0430", "a\n"])
def test_a_part_has_the_characters_of_a_token(value: str) -> None:
    for found in ({"n": value}, {"n": "a", "n-1": value}, {"n": value, "n-1": "a"}):
        with pytest.raises(CookiesInvalid, match="^the cookies are not the parts of one value$"):
            join(found, "n")


def test_a_value_is_no_longer_than_a_header_may_be() -> None:
    assert join({"n": "a" * 10_000, "n-1": "b" * 240}, "n") == "a" * 10_000 + "b" * 240
    with pytest.raises(CookieOversized, match="^10241 characters$"):
        join({"n": "a" * 10_000, "n-1": "b" * 241}, "n")
