import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.page_object import STORAGE, AppPage
from tests.browser.served_app import App


@pytest.fixture(scope="module")
def signed_in(browser: Browser, app: App) -> Iterator[AppPage]:
    """One person for all tests: none of them renews or ends the session."""
    context = browser.new_context()
    yield AppPage.signed_in(context, app.url, STORAGE, app.users["user"])
    context.close()


@pytest.fixture
def page(signed_in: AppPage, app: App) -> Iterator[AppPage]:
    """Loaded anew, so that it shows no other test's calls."""
    signed_in.open()
    signed_in.expect_signed_in(app.users["user"])
    yield signed_in
    signed_in.tab.unroute_all()
    signed_in.tab.context.set_offline(False)


def test_an_allowed_call_shows_status_and_answer(page: AppPage) -> None:
    result = page.call("GET /orders")
    expect(result.locator(".status")).to_have_text("200 OK")
    expect(result).to_contain_text("The API allowed the request.")
    expect(result).to_contain_text('"orders": []')
    told = [(mark, check) for mark, check, *_ in page.steps(result)]
    assert told[:4] == [
        ("?", "form, header, key, signature"),
        ("ok", "expiry"),
        ("ok", "begun"),
        ("?", "audience, client, use"),
    ]
    assert set(told[4:]) == {("ok", "rule")}


def test_a_refusal_is_told_check_by_check(page: AppPage) -> None:
    steps = page.steps(page.call("GET /users/{user}/orders", user="somebody-else"))
    assert steps[0][3] == "the API alone can tell"
    refusals = [(check, found) for mark, check, _, found in steps if mark == "no"]
    assert refusals[0] == ("rule 1", "the token lacks the group admins")
    assert refusals[1][0] == "rule 2"
    assert "equal to {user} of the path: it is" in refusals[1][1]
    assert page.accessibility_violations() == []


@pytest.mark.parametrize(
    ("key", "parameters", "status", "reason"),
    [
        ("POST /orders", {}, 403, "The token lacks the group admins or buyers."),
        ("DELETE /orders/{id}", {"id": "7"}, 403, "The token lacks the group admins."),
        (
            "GET /tenants/{tenant}/orders",
            {"tenant": "acme"},
            403,
            "The token lacks the claim tenant equal to {tenant} of the path.",
        ),
        (
            "GET /users/{user}/orders",
            {"user": "somebody-else"},
            403,
            re.compile(
                r"^The token lacks the group admins, or it lacks the claim sub equal to "
                r'\{user\} of the path: it is "[0-9a-f-]{36}"\.$'
            ),
        ),
        (
            "GET /machine/me",
            {},
            401,
            "The token was issued by cognito, and this route accepts only machines.",
        ),
    ],
)
def test_a_refusal_is_explained_by_what_the_token_lacks(
    page: AppPage, key: str, parameters: dict[str, str], status: int, reason: str | re.Pattern[str]
) -> None:
    result = page.call(key, **parameters)
    expect(result.locator(".status")).to_contain_text(str(status))
    expect(result.locator(".reason")).to_have_text(reason)


def test_the_page_tells_beforehand_what_a_token_lacks(page: AppPage) -> None:
    expect(page.route("POST /orders").locator(".verdict")).to_have_text(
        "Your token lacks the group admins or buyers."
    )
    expect(page.route("GET /orders").locator(".verdict")).to_have_text(
        "Your token holds what it asks for."
    )


def test_somebody_of_the_group_may_call(context: BrowserContext, app: App) -> None:
    page = AppPage.opened(context, app.url)
    page.sign_in(app.users["admin"])
    result = page.call("DELETE /orders/{id}", id="a/b c")
    expect(result.locator(".status")).to_have_text("404 Not Found")
    expect(result).to_contain_text("No order has the id a/b c")


def test_the_page_says_that_scopes_are_the_apps_and_groups_the_persons(page: AppPage) -> None:
    expect(page.tab.locator("#routes")).to_contain_text(
        "Scopes say what this page may do, and everybody who signs in here gets them all; "
        "groups say what a person may do."
    )
    for key, words in (
        ("GET /orders", "holds what it asks for"),
        ("POST /orders", "lacks the group"),
    ):
        expect(page.route(key).locator(".verdict")).to_contain_text(words)


def test_without_a_session_the_reason_is_that_nobody_is_signed_in(
    context: BrowserContext, app: App
) -> None:
    page = AppPage.opened(context, app.url)
    result = page.call("GET /orders")
    expect(result.locator(".status")).to_have_text("401 Unauthorized")
    expect(result.locator(".reason")).to_have_text(
        "You are not signed in, and this route asks for a token."
    )


def test_a_missing_parameter_is_asked_for_and_nothing_is_sent(page: AppPage) -> None:
    result = page.call("DELETE /orders/{id}")
    expect(result).to_have_text("Give a value for id first.")
    expect(page.route("DELETE /orders/{id}").get_by_label("id", exact=True)).to_be_focused()


def test_a_lost_network_is_told_from_a_refusal(page: AppPage) -> None:
    page.tab.context.set_offline(True)
    expect(page.call("GET /orders")).to_contain_text("No answer. This browser is offline.")


def test_a_fault_of_the_api_is_not_blamed_on_the_token(page: AppPage) -> None:
    page.tab.route("**/orders", lambda route: route.fulfill(status=503))
    result = page.call("GET /orders")
    expect(result).to_contain_text("The fault is the API's, not the token's.")


def test_a_token_goes_only_where_it_is_asked_for_and_never_with_cookies(
    page: AppPage, app: App
) -> None:
    page.tab.context.add_cookies([{"name": "other", "value": "1", "url": app.url}])
    with page.tab.expect_request("**/health") as health:
        expect(page.call("GET /health").locator(".status")).to_have_text("200 OK")
    with page.tab.expect_request("**/orders") as orders:
        expect(page.call("GET /orders").locator(".status")).to_have_text("200 OK")
    with_token = orders.value.all_headers()
    assert "authorization" not in health.value.all_headers()
    assert with_token["authorization"].startswith("Bearer ey")
    assert "cookie" not in with_token


def test_markup_in_an_answer_stays_text(page: AppPage) -> None:
    probe = '<img src="x" onerror="document.title=1"><script>document.title=1</script>'
    page.tab.route("**/orders", lambda route: route.fulfill(status=200, body=probe))
    result = page.call("GET /orders")
    expect(result.locator("pre")).to_have_text(probe)
    expect(page.tab).to_have_title("Who may call what")


def test_the_policy_stops_what_an_injected_script_would_do(page: AppPage) -> None:
    """The browser itself refuses markup, other scripts and other origins."""
    refused = page.tab.evaluate(
        """async () => {
          const outcome = [];
          try { document.body.innerHTML = "<b>x</b>"; } catch { outcome.push("markup"); }
          try { setTimeout("1"); } catch { outcome.push("code from text"); }
          await fetch("https://attacker.example/").catch(() => outcome.push("other origin"));
          return outcome;
        }"""
    )
    assert refused == ["markup", "code from text", "other origin"]
