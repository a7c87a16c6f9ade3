"""The state of a federated sign-in: one browser, one use, five minutes."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from .conftest import Clock, Cognito
from .federated import (
    FederatedBrowser,
    corp,
    federated_pool,
    id_claims,
    refused,
    serve_federated,
)
from .http_client import Answer
from .lying_provider import LyingProvider, serve_lying_provider


@pytest.fixture(scope="module")
def provider() -> Iterator[LyingProvider]:
    with serve_lying_provider() as lying:
        yield lying


@pytest.fixture
def cognito(provider: LyingProvider) -> Iterator[Cognito]:
    """A pool whose time a test moves."""
    with serve_federated(federated_pool(corp(provider.issuer.url)), clock=Clock()) as cognito:
        yield cognito


def turned_away(back: Answer) -> None:
    """Told to the person on a page: nobody knows which client it would be."""
    assert (back.status, "location" in back.headers) == (400, False)
    assert "This sign-in is not pending" in back.body
    assert not back.set_cookies


def test_a_state_is_good_once(cognito: Cognito, provider: LyingProvider) -> None:
    browser = FederatedBrowser(cognito)
    location = provider.answer_to(browser.leave().headers["location"])
    assert "code" in browser.come_back(location).redirected
    turned_away(browser.come_back(location))


def test_a_stolen_state_is_no_good_in_another_browser(
    cognito: Cognito, provider: LyingProvider
) -> None:
    browser = FederatedBrowser(cognito)
    location = provider.answer_to(browser.leave().headers["location"])
    provider.asked.clear()
    turned_away(FederatedBrowser(cognito).come_back(location))
    thief = FederatedBrowser(cognito)
    thief.leave()
    assert thief.cookies["csrf-state"] != browser.cookies["csrf-state"]
    location = provider.answer_to(browser.leave().headers["location"])
    turned_away(thief.come_back(location))
    # Neither has cost the code: the provider was never asked for tokens.
    assert "/token" not in [path for _, path, _, _ in provider.asked]
    # An attempt uses the state up, whoever makes it.
    turned_away(browser.come_back(location))


def test_nobody_can_be_given_the_sign_in_of_somebody_else(
    cognito: Cognito, provider: LyingProvider
) -> None:
    attacker, victim = FederatedBrowser(cognito), FederatedBrowser(cognito)
    location = provider.answer_to(attacker.leave().headers["location"])
    victim.leave()
    turned_away(victim.come_back(location))


def test_a_state_lives_for_five_minutes(cognito: Cognito, provider: LyingProvider) -> None:
    provider.claims = {"exp": int(cognito.clock()) + 3600}
    browser = FederatedBrowser(cognito)
    in_time = provider.answer_to(browser.leave().headers["location"])
    cognito.clock.advance(299)
    assert "code" in browser.come_back(in_time).redirected
    late = provider.answer_to(browser.leave().headers["location"])
    cognito.clock.advance(300)
    turned_away(browser.come_back(late))
    provider.forget()


@pytest.mark.parametrize("query", ["", "state=", "state=guessed&code=x", "error=access_denied"])
def test_a_state_that_nobody_has_given_out_is_turned_away(cognito: Cognito, query: str) -> None:
    browser = FederatedBrowser(cognito)
    browser.leave()
    turned_away(browser.come_back(f"{cognito.server.url}/oauth2/idpresponse?{query}"))


def test_two_tabs_of_a_browser_can_both_sign_in(cognito: Cognito, provider: LyingProvider) -> None:
    browser = FederatedBrowser(cognito)
    first = browser.leave(state="first").headers["location"]
    second = browser.leave(state="second").headers["location"]
    for location, state in ((second, "second"), (first, "first")):
        back = browser.come_back(provider.answer_to(location))
        assert ("code" in back.redirected, back.redirected["state"]) == (True, state)


def test_the_browser_comes_back_to_the_name_that_it_left_from(cognito: Cognito) -> None:
    host = f"localhost:{urlsplit(cognito.server.url).port}"
    location = FederatedBrowser(cognito).leave(host).headers["location"]
    query = parse_qs(urlsplit(location).query)
    assert query["redirect_uri"] == [f"http://{host}/oauth2/idpresponse"]


def test_what_the_provider_refuses_is_told_to_the_client(
    cognito: Cognito, provider: LyingProvider
) -> None:
    browser = FederatedBrowser(cognito)
    for changes, error, description in (
        (
            {"error": "access_denied", "error_description": "Ada said no"},
            "access_denied",
            "Corp Error - access_denied Ada said no",
        ),
        ({"error": "login_required"}, "login_required", "Corp Error - login_required"),
        ({"error": 'odd"\n'}, "server_error", "Corp: it answers with an error without a code"),
        ({"error": "e" * 201}, "server_error", "Corp: it answers with an error without a code"),
        ({"error": "x", "error_description": "d\u00fc"}, "x", "Corp Error - x"),
    ):
        away = browser.leave().headers["location"]
        back = browser.come_back(provider.answer_to(away, code=None, **changes))
        assert back.redirected == {
            "error": error,
            "error_description": description,
            "state": "opaque & odd",
        }


def test_what_the_token_endpoint_refuses_is_told_with_its_status(
    cognito: Cognito, provider: LyingProvider
) -> None:
    browser = FederatedBrowser(cognito)
    said = b'{"error": "invalid_client", "error_description": "wrong secret"}'
    provider.answers = {"/token": (401, said)}
    back = browser.come_back(provider.answer_to(browser.leave().headers["location"]))
    assert back.redirected["error"] == "invalid_client"
    assert back.redirected["error_description"] == "Corp Error - 401 invalid_client wrong secret"
    provider.answers = {"/token": (401, b'{"error": 7}')}
    back = browser.come_back(provider.answer_to(browser.leave().headers["location"]))
    assert refused(back) == "Corp: it answers with an error without a code (401)"
    provider.forget()


def test_an_answer_without_code_or_of_another_issuer_is_told(
    cognito: Cognito, provider: LyingProvider
) -> None:
    browser = FederatedBrowser(cognito)
    for changes, said in (
        ({"code": None}, "neither code nor error"),
        ({"code": ""}, "neither code nor error"),
        ({"iss": "https://login.other.example"}, "another issuer answers"),
    ):
        location = provider.answer_to(browser.leave().headers["location"], **changes)
        assert said in refused(browser.come_back(location))
    honest = provider.answer_to(browser.leave().headers["location"], iss=provider.issuer.url)
    assert id_claims(cognito, browser.come_back(honest))["cognito:username"] == "corp_ada"


def test_a_provider_that_changed_while_the_browser_was_away_is_told(
    cognito: Cognito, provider: LyingProvider
) -> None:
    browser = FederatedBrowser(cognito)
    location = provider.answer_to(browser.leave().headers["location"])
    changed = corp(provider.issuer.url, attributes={"email": "mail"})
    with serve_federated(federated_pool(changed)) as other:
        pools = cognito.server.backend.user_pools
        pools[cognito.pool.id] = other.pool
        assert "changed in the meantime" in refused(browser.come_back(location))
