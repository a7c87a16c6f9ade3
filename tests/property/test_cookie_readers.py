"""The session's backend and the authorizer read the access cookie alike, whatever a browser sends."""

from hypothesis import given
from hypothesis import strategies as st

from authorizer import access_cookie
from function_kit.split_cookie import ACCESS
from jwt_verifier.errors import TokenRejected
from session.cookies import Cookies
from session.errors import CookieInvalid

NAMES = st.one_of(
    st.sampled_from(
        [
            *(ACCESS, f"{ACCESS}-1", f"{ACCESS}-2", f"{ACCESS}-3", f"{ACCESS}ory", f"{ACCESS}-01"),
            *(f" {ACCESS}", f"{ACCESS} ", ACCESS.upper(), "__Host-access", "", "theme"),
        ]
    ),
    st.text(max_size=12),
)
VALUES = st.one_of(
    st.sampled_from(["", "a.b.c", "a", "a=b", "a b", '"a"', "é", "a" * 3_800, "a" * 10_241]),
    st.text(max_size=8),
)
COOKIES = st.lists(
    st.one_of(st.builds("{}={}".format, NAMES, VALUES), st.text(max_size=12)), max_size=5
)
WRONG = "not a token"


def read_by_authorizer(cookies: object) -> str:
    try:
        found = access_cookie.find(cookies)
        return access_cookie.join(found) if found else ""
    except TokenRejected:
        return WRONG


def read_by_session(cookies: object) -> str:
    try:
        return Cookies.of({"cookies": cookies}).value(ACCESS)
    except CookieInvalid:
        return WRONG


@given(st.one_of(COOKIES, st.none(), st.text(max_size=5), st.lists(st.integers(), max_size=2)))
def test_both_readers_agree_on_every_input(cookies: object) -> None:
    assert read_by_session(cookies) == read_by_authorizer(cookies)
