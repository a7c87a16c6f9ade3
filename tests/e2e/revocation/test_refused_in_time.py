"""Sign in, call, revoke: refused by the time that the answer names, and nobody else is."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from function_kit.csrf_token import csrf_token
from local.loopback.fetch import ask
from tests.e2e.revocation.conftest import BOUND_SECONDS, Revoking, wait_until

ADMIN, OWN = "/admin/revocations", "/session/revoke"


def test_a_person_is_refused_by_the_time_that_the_answer_names(revoking: Revoking) -> None:
    admin, buyer, other = (revoking.sign_in(name) for name in ("admin", "buyer", "user"))
    assert [revoking.status(one) for one in (admin, buyer, other)] == [200, 200, 200]
    said = revoking.call("POST", ADMIN, admin, {"sub": buyer.claims["sub"]})
    assert said.status == 201
    assert said.json["holds_from"] <= time.time() + BOUND_SECONDS + 1
    assert said.json["refresh_tokens"] == "ended"
    wait_until(said.json["holds_from"])
    refused = revoking.call("GET", "/orders", buyer)
    assert (refused.status, revoking.reason(refused)) == (401, "token_revoked")
    assert [revoking.status(one) for one in (admin, other)] == [200, 200]
    again = revoking.sign_in("buyer")
    assert revoking.status(again) == 200


def test_a_callers_own_sign_in_ends_and_their_others_go_on(revoking: Revoking) -> None:
    here, elsewhere = revoking.sign_in("user"), revoking.sign_in("user")
    assert revoking.status(here, "/whoami") == 200
    said = revoking.call("POST", OWN, here)
    assert said.status == 201
    assert said.json["refused"]["value"] == here.claims["origin_jti"]
    wait_until(said.json["holds_from"])
    assert revoking.status(here, "/whoami") == 401
    assert revoking.status(elsewhere, "/whoami") == 200


def test_a_page_ends_it_by_cookie_if_it_shows_that_it_is_ours(revoking: Revoking) -> None:
    person, api = revoking.sign_in("user"), revoking.stack.addresses.api
    cookie = {"cookie": f"__Host-Http-access={person.access}"}
    page = {"origin": api, "x-csrf-token": csrf_token(person.access)}
    for missing in page:
        headers = {**cookie, **{name: page[name] for name in page if name != missing}}
        assert ask("POST", f"{api}{OWN}", seconds=20, headers=headers).status == 401
    foreign = {**cookie, **page, "origin": "https://evil.example"}
    assert ask("POST", f"{api}{OWN}", seconds=20, headers=foreign).status == 401
    assert revoking.status(person) == 200
    answer = ask("POST", f"{api}{OWN}", seconds=20, headers={**cookie, **page})
    assert answer.status == 201
    wait_until(time.time() + BOUND_SECONDS)
    assert revoking.status(person) == 401


def test_only_an_administrator_revokes_for_others(revoking: Revoking) -> None:
    person = revoking.sign_in("buyer")
    refused = revoking.call("POST", ADMIN, person, {"sub": person.claims["sub"]})
    assert (refused.status, revoking.reason(refused)) == (403, "missing_group:admins")
    assert revoking.call("POST", ADMIN, None, {"before": "now"}).status == 401


def test_everything_before_now_is_refused_and_what_comes_after_is_not(revoking: Revoking) -> None:
    admin, user = revoking.sign_in("admin"), revoking.sign_in("user")
    time.sleep(1)  # a time of issue is in whole seconds
    said = revoking.call("POST", ADMIN, admin, {"before": "now"})
    assert said.status == 201
    wait_until(said.json["holds_from"])
    assert [revoking.status(one) for one in (admin, user)] == [401, 401]
    assert revoking.status(revoking.sign_in("user")) == 200


@pytest.mark.parametrize("mood", ["unreachable", "hangs", "throttled"])
def test_while_the_list_cannot_be_read_nobody_is_let_in(revoking: Revoking, mood: str) -> None:
    person = revoking.sign_in("user")
    assert revoking.status(person) == 200
    with revoking.door.being(mood):  # type: ignore[arg-type]  # one of its words
        wait_until(time.time() + BOUND_SECONDS)
        # As many as there may be environments: each finds its own list too old.
        with ThreadPoolExecutor(4) as several:
            answers = list(several.map(lambda _: revoking.call("GET", "/orders", person), range(8)))
        assert {answer.status for answer in answers} == {500}
        assert {revoking.reason(answer) for answer in answers} == {"revocations_unavailable"}
    # The table is asked again a moment after it has failed, and not by every call.
    assert revoking.status(person) == 200
