"""Cookies that are not as we set them: signed out, deleted, and never an error of ours."""

import base64
import json
from collections.abc import Callable

import pytest

from session.cookies import EARLIER
from session.seal import derive_key, seal
from tests.integration.cognito.conftest import Cognito
from tests.integration.session.person import PUBLIC_URL, Backend, Person
from tests.unit.session.test_seal import OF_THE_RELEASE_BEFORE

ACCESS, SESSION, LOGIN = "__Host-Http-access", "__Host-Http-session", "__Host-Http-login-"
EVERY_PART = {
    *(f"{name}{part}" for name in (ACCESS, SESSION) for part in ("", "-1", "-2")),
    *EARLIER,
}

Change = Callable[[str], str]


def flipped(index: int) -> Change:
    def change(value: str) -> str:
        other = "B" if value[index] == "A" else "A"
        return value[:index] + other + (value[index + 1 :] if index != -1 else "")

    return change


DAMAGES: list[Change] = [
    flipped(30),
    flipped(60),
    flipped(-1),
    lambda value: value[:-1],
    lambda value: value[:-4],
    lambda value: value[:60],
    lambda value: value + "A",
    lambda value: value + "=",
    lambda _: "",
    lambda _: "x",
    lambda _: "{}",
    lambda _: "ü€\ud800",
    lambda value: value + value,
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
    return ended.set_names == EVERY_PART


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


def is_signed_out_and_kept(person: Person) -> bool:
    """Nobody is signed in by it, and it stays: for another environment it may be good."""
    before = dict(person.jar)
    told = person.me()
    assert (told.status, told.json, told.set_cookies) == (200, {"signed_in": False}, ())
    headers = {"origin": PUBLIC_URL, "x-csrf-token": "any"}
    renewed = person.ask("POST /session/refresh", "", headers)
    assert (renewed.status, renewed.json) == (401, {"error": "signed_out"})
    assert person.jar == before
    ended = person.ask("POST /session/logout", "", headers)
    assert (ended.status, ended.json["ended"], ended.json["revoked"]) == (200, False, False)
    return person.jar == {}


def test_a_session_of_a_key_that_is_gone_is_signed_out_and_kept(signed_in: Person) -> None:
    content = json.dumps(signed_in.content()).encode()
    foreign = seal(derive_key("a foreign secret of enough characters"), SESSION, content)
    signed_in.jar[SESSION] = foreign
    signed_in.backend.clock.advance(10)
    before = dict(signed_in.jar)
    told = signed_in.me()
    assert (told.status, told.json) == (200, {"signed_in": False})
    assert signed_in.jar == before


def test_a_session_of_another_release_is_signed_out_and_kept(signed_in: Person) -> None:
    value = signed_in.jar[SESSION]
    raw = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    newer = base64.urlsafe_b64encode(b"\x03" + raw[1:]).rstrip(b"=").decode()
    signed_in.jar[SESSION] = newer
    assert is_signed_out_and_kept(signed_in)


@pytest.mark.parametrize("change", [{"new_field": 1}, {"ends_at": None}])
def test_a_session_with_other_fields_is_signed_out_and_kept(
    signed_in: Person, change: dict[str, int | None]
) -> None:
    content = {**signed_in.content(), **change}
    signed_in.put({name: value for name, value in content.items() if value is not None})
    assert is_signed_out_and_kept(signed_in)


def test_the_cookies_of_the_release_before_are_a_signed_out_person(person: Person) -> None:
    for name, value in (("__Host-access", "a.b.c"), ("__Host-session", OF_THE_RELEASE_BEFORE)):
        person.jar[name], person.same_site[name] = value, "Strict"
    assert is_signed_out_of_nothing(person)


def is_signed_out_of_nothing(person: Person) -> bool:
    assert person.me().json == {"signed_in": False}
    headers = {"origin": PUBLIC_URL, "x-csrf-token": "any"}
    assert person.ask("POST /session/refresh", "", headers).status == 401
    assert person.ask("POST /session/logout", "", headers).status == 200
    return person.jar == {}


def test_a_login_cookie_is_no_session_though_we_have_sealed_it(signed_in: Person) -> None:
    content = json.dumps(signed_in.content()).encode()
    signed_in.jar[SESSION] = signed_in.backend.keys.seal(f"{LOGIN}0", content)
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
    for name in ("theme", "__Host-accessory", "access", "__Secure-access", ""):
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
