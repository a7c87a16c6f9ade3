"""Cookies that are not as we set them: signed out, deleted, and never an error of ours."""

import base64
import json
from collections.abc import Callable

import pytest

from session.seal import key_of, sealed
from tests.integration.cognito.conftest import Cognito
from tests.integration.session.person import PUBLIC_URL, Backend, Person

ACCESS, SESSION, LOGIN = "__Host-access", "__Host-session", "__Host-login"
EVERY_PART = {f"{name}{part}" for name in (ACCESS, SESSION) for part in ("", "-1", "-2")}

Change = Callable[[str], str]


def flipped(index: int) -> Change:
    def change(value: str) -> str:
        other = "B" if value[index] == "A" else "A"
        return value[:index] + other + (value[index + 1 :] if index != -1 else "")

    return change


def with_version_2(value: str) -> str:
    raw = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    return base64.urlsafe_b64encode(b"\x02" + raw[1:]).rstrip(b"=").decode()


DAMAGES: list[Change] = [
    flipped(0),
    flipped(5),
    flipped(40),
    flipped(-1),
    lambda value: value[:-1],
    lambda value: value[:-4],
    lambda value: value[:20],
    lambda value: value[:4],
    lambda value: value + "A",
    lambda value: value + "=",
    lambda value: value[1:],
    lambda _: "",
    lambda _: "x",
    lambda _: "{}",
    lambda _: "ü€\ud800",
    lambda _: "A" * 3800,
    lambda value: value + value,
    with_version_2,
]


def is_signed_out_everywhere(person: Person) -> bool:
    """Each route takes the same damaged cookies as no session, and deletes them."""
    damaged = dict(person.jar)
    told = person.me()
    assert (told.status, told.json, told.set_names) == (200, {"signed_in": False}, EVERY_PART)
    assert person.jar == {}
    person.jar.update(damaged)
    headers = {"origin": PUBLIC_URL, "x-csrf-token": "any"}
    renewed = person.ask("POST /session/refresh", "", headers)
    assert (renewed.status, renewed.json) == (401, {"error": "signed_out"})
    assert renewed.set_names == EVERY_PART
    person.jar.update(damaged)
    ended = person.ask("POST /session/logout", "", headers)
    assert ended.status == 200
    return ended.set_names == {*EVERY_PART, LOGIN}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_session_is_signed_out_and_deleted(signed_in: Person, damage: Change) -> None:
    signed_in.jar[SESSION] = damage(signed_in.jar[SESSION])
    assert is_signed_out_everywhere(signed_in)


@pytest.mark.parametrize("damage", [flipped(0), flipped(-1), lambda v: v[:-1], lambda _: "a.b.c"])
def test_a_damaged_access_token_is_signed_out_and_deleted(
    signed_in: Person, damage: Change
) -> None:
    signed_in.jar[ACCESS] = damage(signed_in.jar[ACCESS])
    assert is_signed_out_everywhere(signed_in)


def test_an_access_token_of_another_person_is_no_pair(
    signed_in: Person, backend: Backend, pool: Cognito
) -> None:
    other = Person(backend)
    other.sign_in(pool, "user")
    signed_in.jar[ACCESS] = other.jar[ACCESS]
    assert is_signed_out_everywhere(signed_in)


def test_an_access_token_alone_is_no_session(signed_in: Person) -> None:
    del signed_in.jar[SESSION]
    assert is_signed_out_everywhere(signed_in)


def test_a_session_sealed_with_a_foreign_key_is_signed_out(signed_in: Person) -> None:
    content = json.dumps(signed_in.content()).encode()
    signed_in.jar[SESSION] = sealed(
        key_of("a foreign secret of enough characters"), SESSION, content
    )
    assert is_signed_out_everywhere(signed_in)


def test_a_login_cookie_is_no_session_though_we_have_sealed_it(signed_in: Person) -> None:
    content = json.dumps(signed_in.content()).encode()
    signed_in.jar[SESSION] = signed_in.backend.keys.seal(LOGIN, content)
    assert is_signed_out_everywhere(signed_in)


def test_parts_with_a_gap_are_signed_out(signed_in: Person) -> None:
    value = signed_in.jar.pop(SESSION)
    signed_in.jar |= {SESSION: value[:50], f"{SESSION}-2": value[50:]}
    signed_in.same_site[f"{SESSION}-2"] = "Strict"
    assert is_signed_out_everywhere(signed_in)


def test_a_part_too_many_is_signed_out(signed_in: Person) -> None:
    signed_in.jar[f"{SESSION}-1"] = "AAAA"
    signed_in.same_site[f"{SESSION}-1"] = "Strict"
    assert is_signed_out_everywhere(signed_in)


def test_a_cookie_that_comes_twice_is_signed_out(signed_in: Person, backend: Backend) -> None:
    doubled = [f"{name}={value}" for name, value in signed_in.jar.items()] * 2
    answer = backend.answer("GET /session/me", "", {"sec-fetch-site": "same-origin"}, doubled)
    assert answer.json == {"signed_in": False}


def test_cookies_of_others_on_this_host_are_passed_over(signed_in: Person) -> None:
    for name in ("theme", "__Host-accessory", "access", "__Host-access-x", ""):
        signed_in.jar[name], signed_in.same_site[name] = "dark=1", "Lax"
    assert signed_in.me().json["signed_in"] is True


def test_a_session_whose_access_token_has_expired_is_told_to_renew(
    signed_in: Person, pool: Cognito
) -> None:
    pool.clock.advance(600)
    told = signed_in.me().json
    assert ACCESS not in signed_in.jar
    assert (told["signed_in"], told["csrf_token"], told["expires_at"]) == (True, None, 0)
    assert told["claims"]["access"] == {}
    assert told["claims"]["id"]["email"] == pool.users["admin"].username


def test_a_browser_that_keeps_an_expired_access_token_is_told_to_renew(
    signed_in: Person, pool: Cognito
) -> None:
    signed_in.ends_at.clear()
    pool.clock.advance(600)
    told = signed_in.me().json
    assert (told["signed_in"], told["csrf_token"]) == (True, None)
    assert told["expires_at"] == int(pool.clock.now)
