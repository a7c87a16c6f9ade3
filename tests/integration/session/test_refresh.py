"""Renewal: rotation, two tabs, network loss in the middle, an ended session, an issuer that is down."""

import pytest

from tests.integration.cognito.conftest import Cognito
from tests.integration.session.faulty_issuer import FaultyIssuer, Said
from tests.integration.session.person import Answer, Person, refresh_as_backend

ACCESS, SESSION = "__Host-Http-access", "__Host-Http-session"


def is_signed_out(answer: Answer, person: Person) -> bool:
    assert (answer.status, answer.json) == (401, {"error": "signed_out"})
    assert person.me().json == {"signed_in": False}
    return person.jar == {}


def is_for_now(answer: Answer) -> bool:
    """A refusal that leaves everything as it was."""
    assert (answer.status, answer.json) == (503, {"error": "unavailable"})
    assert int(answer.headers["retry-after"]) > 0
    return answer.set_cookies == ()


def test_a_renewal_sets_new_cookies_and_tells_what_me_tells(
    signed_in: Person, pool: Cognito
) -> None:
    before, old = signed_in.me().json, dict(signed_in.jar)
    pool.clock.advance(300)
    answer = signed_in.refresh()
    assert answer.status == 200
    assert answer.json == signed_in.me().json
    assert answer.json["expires_at"] == before["expires_at"] + 300
    assert answer.json["csrf_token"] != before["csrf_token"]
    assert answer.json["session_csrf_token"] == before["session_csrf_token"]
    assert all(signed_in.jar[name] != old[name] for name in (ACCESS, SESSION))


def test_a_session_is_renewed_after_its_access_token_has_gone(
    signed_in: Person, pool: Cognito
) -> None:
    pool.clock.advance(900)
    assert signed_in.me().json["csrf_token"] is None
    assert signed_in.refresh().json["csrf_token"]
    assert ACCESS in signed_in.jar


def test_the_rotated_refresh_token_is_the_one_that_is_kept(
    signed_in: Person, pool: Cognito
) -> None:
    for _ in range(3):
        before = signed_in.content()["refresh_token"]
        assert signed_in.refresh().status == 200
        assert signed_in.content()["refresh_token"] != before
        pool.clock.advance(60)  # more than the grace period


def test_two_tabs_that_renew_at_once_leave_a_good_session(signed_in: Person, pool: Cognito) -> None:
    other_tab = Person(signed_in.backend, dict(signed_in.jar), dict(signed_in.same_site))
    assert signed_in.refresh().status == 200
    assert other_tab.refresh().status == 200
    for tab in (signed_in, other_tab):  # whichever answer came last
        pool.clock.advance(60)
        assert tab.refresh().status == 200
        assert tab.me().json["csrf_token"]


def test_an_answer_that_is_lost_is_made_good_by_a_second_try(
    signed_in: Person, pool: Cognito
) -> None:
    """The issuer has rotated, and its answer never came: the page tries again within the grace."""
    rotated_out = signed_in.content()["refresh_token"]
    assert refresh_as_backend(pool, rotated_out).status == 200
    pool.clock.advance(9)
    assert signed_in.refresh().status == 200
    assert signed_in.me().json["signed_in"] is True


def test_a_refresh_token_that_was_used_elsewhere_ends_the_session(
    signed_in: Person, pool: Cognito
) -> None:
    stolen = signed_in.content()["refresh_token"]
    thief = refresh_as_backend(pool, stolen).json["refresh_token"]
    pool.clock.advance(10)
    assert is_signed_out(signed_in.refresh(), signed_in)
    assert refresh_as_backend(pool, thief).json["error"] == "invalid_grant"


def test_a_person_who_was_signed_out_elsewhere_is_signed_out_here(
    signed_in: Person, pool: Cognito
) -> None:
    username = pool.users["admin"].username
    pool.api.admin_user_global_sign_out(UserPoolId=pool.pool.id, Username=username)
    assert is_signed_out(signed_in.refresh(), signed_in)


def test_a_session_that_is_too_old_for_the_issuer_ends(signed_in: Person, pool: Cognito) -> None:
    pool.clock.advance(7200)
    assert is_signed_out(signed_in.refresh(), signed_in)


def test_without_a_session_there_is_nothing_to_renew(person: Person) -> None:
    answer = person.refresh(x_csrf_token="any")
    assert (answer.status, answer.json) == (401, {"error": "signed_out"})


@pytest.mark.parametrize(
    "says",
    [
        (500, b"oops"),
        (503, {"error": "temporarily_unavailable"}),
        (429, {}),
        (404, b""),
        (302, b""),
        (400, b"no json"),
        (400, {"error": 7}),
        (400, {"error": "invalid_client"}),
        (200, b"x" * 150_001),
    ],
)
def test_an_issuer_that_does_not_renew_leaves_everything_as_it_is(
    faulty: FaultyIssuer, says: Said
) -> None:
    person = Person(faulty.backend)
    faulty.sign_in(person)
    before = dict(person.jar)
    faulty.says["/token"] = says
    assert is_for_now(person.refresh())
    assert person.jar == before
    del faulty.says["/token"]
    assert person.refresh().status == 200


def test_an_issuer_that_is_silent_leaves_everything_as_it_is(faulty: FaultyIssuer) -> None:
    person = Person(faulty.backend)
    faulty.sign_in(person)
    faulty.silent.set()
    assert is_for_now(person.refresh())
    faulty.silent.clear()
    assert person.refresh().status == 200


def test_an_issuer_that_keeps_its_refresh_token_is_asked_with_the_same(
    faulty: FaultyIssuer,
) -> None:
    person = Person(faulty.backend)
    faulty.sign_in(person)
    faulty.tokens["refresh_token"] = None
    for _ in range(2):
        assert person.refresh().status == 200
    sent = [form["refresh_token"] for path, form in faulty.asked if "refresh_token" in form]
    assert sent == ["refresh-token-number-0"] * 2


def test_an_issuer_without_refresh_tokens_ends_the_session_with_its_access_token(
    faulty: FaultyIssuer,
) -> None:
    faulty.tokens["refresh_token"] = None
    person = Person(faulty.backend)
    faulty.sign_in(person)
    assert person.me().json["csrf_token"]
    assert is_signed_out(person.refresh(), person)


def test_a_renewal_without_an_id_token_keeps_what_was_verified(faulty: FaultyIssuer) -> None:
    person = Person(faulty.backend)
    faulty.id_claims["email"] = "somebody@example.com"
    faulty.sign_in(person)
    faulty.tokens["id_token"] = None
    assert person.refresh().json["claims"]["id"]["email"] == "somebody@example.com"


def test_a_renewal_takes_over_what_the_new_id_token_says(faulty: FaultyIssuer) -> None:
    person = Person(faulty.backend)
    faulty.sign_in(person)
    faulty.id_claims["email"] = "renamed@example.com"
    assert person.refresh().json["claims"]["id"]["email"] == "renamed@example.com"
    assert person.me().json["claims"]["id"]["email"] == "renamed@example.com"


def test_keys_that_are_not_to_be_had_do_not_lose_a_rotated_session(faulty: FaultyIssuer) -> None:
    person = Person(faulty.backend)
    faulty.sign_in(person)
    later = int(faulty.clock()) + 100_000
    person.put({**person.content(), "ends_at": later, "idle_at": later})
    person.ends_at.clear()
    faulty.backend.clock.advance(86_400)  # the keys in hand are too old to be used
    faulty.says["/jwks"] = (500, b"")
    faulty.id_claims["email"] = "unverified@example.com"
    answer = person.refresh()
    assert answer.status == 200
    assert "email" not in answer.json["claims"]["id"]
    assert person.content()["refresh_token"] == "refresh-token-number-1"


@pytest.mark.parametrize(
    "claims", [{"sub": "somebody-else"}, {"nonce": "another"}, {"aud": "another-client"}]
)
def test_a_renewal_for_somebody_else_is_not_taken(
    faulty: FaultyIssuer, claims: dict[str, str]
) -> None:
    person = Person(faulty.backend)
    faulty.sign_in(person)
    before = dict(person.jar)
    faulty.tokens["id_token"] = faulty.id_token(**{"nonce": None, **claims})
    answer = person.refresh()
    assert (answer.status, answer.json) == (502, {"error": "issuer_invalid"})
    assert person.jar == before


def test_a_renewal_that_tells_the_same_nonce_again_is_taken(faulty: FaultyIssuer) -> None:
    person = Person(faulty.backend)
    faulty.sign_in(person)
    faulty.tokens["id_token"] = faulty.id_token()
    assert person.refresh().status == 200
