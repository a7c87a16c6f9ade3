import inspect
import json
import threading
import time
from typing import Any

import pytest

from page import discovery as discovery_module
from page.discovery import MAX_BYTES
from page.handler import build
from page.settings import PublicClient, Settings
from tests.unit.page.conftest import PUBLIC_URL, ROUTES, Page
from tests.unit.page.discovery_server import DOCUMENT, ISSUER

METADATA = {name: url for name, url in DOCUMENT.items() if name != "jwks_uri"}


def test_the_config_says_what_the_page_must_know_and_nobody_keeps_it(page: Page) -> None:
    answer = page.ask("/app/config.json")
    assert answer["headers"]["cache-control"] == "no-store"
    assert answer["headers"]["content-type"] == "application/json"
    assert json.loads(answer["body"]) == {
        "public_url": PUBLIC_URL,
        "storage": {
            "issuer": ISSUER,
            "client_id": "web",
            "scopes": "openid email",
            "metadata": METADATA,
            "metadata_problem": None,
        },
        **ROUTES,
    }


def test_a_page_that_keeps_no_tokens_knows_no_issuer_and_has_no_callback(
    cookie_page: Page,
) -> None:
    assert cookie_page.config() == {"public_url": PUBLIC_URL, "storage": None, **ROUTES}
    assert cookie_page.policy()["connect-src"] == ["'self'"]
    assert cookie_page.ask("/app/callback")["statusCode"] == 404
    assert cookie_page.ask("/app")["statusCode"] == 200
    assert cookie_page.discovery.asked == 0


def test_endpoints_that_an_issuer_need_not_have_may_be_missing(page: Page) -> None:
    page.discovery.says(revocation_endpoint=None, end_session_endpoint=None, userinfo_endpoint=None)
    assert page.storage()["metadata"] == {
        name: METADATA[name] for name in ("issuer", "authorization_endpoint", "token_endpoint")
    }


def test_the_issuer_is_asked_once_in_five_minutes(page: Page) -> None:
    page.config()
    page.clock.advance(299)
    page.config()
    assert page.discovery.asked == 1
    page.clock.advance(2)
    page.config()
    assert page.discovery.asked == 2


def test_a_clock_that_was_set_back_makes_no_document_young(page: Page) -> None:
    page.config()
    page.clock.advance(-1)
    page.config()
    assert page.discovery.asked == 2


def test_age_is_counted_by_the_clock_that_goes_on_while_an_environment_sleeps() -> None:
    assert inspect.signature(build).parameters["clock"].default is time.time


def test_an_outage_is_bridged_for_an_hour_and_told_after_it(page: Page) -> None:
    page.config()
    page.discovery.status = 503
    page.clock.advance(3_599)
    assert page.storage()["metadata"] == METADATA
    page.clock.advance(2)
    assert page.storage()["metadata"] is None


def test_a_failing_issuer_is_left_alone_for_a_moment_and_then_asked_again(page: Page) -> None:
    page.discovery.status = 503
    page.config()
    page.config()
    assert page.discovery.asked == 1
    page.discovery.status = 200
    page.clock.advance(5)
    assert page.storage()["metadata"] == METADATA


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"status": 503}, "answered 503"),
        ({"status": 301, "headers": {"Location": "https://elsewhere.example"}}, "answered 301"),
        ({"headers": {"Content-Encoding": "gzip"}}, "answered with an encoded body"),
        ({"body": b" " * (MAX_BYTES + 1)}, f"answered more than {MAX_BYTES} bytes"),
        ({"body": b"<html>"}, "the discovery document is not JSON"),
        ({"body": b"[" * 60_000}, "the discovery document is nested too deep"),
        ({"body": b"\xff"}, "the discovery document is not UTF-8"),
        ({"body": b"[]"}, "the discovery document is not a JSON object"),
    ],
)
def test_without_metadata_the_config_still_comes_and_says_why(
    page: Page, changes: dict[str, Any], problem: str
) -> None:
    for name, value in changes.items():
        setattr(page.discovery, name, value)
    config = page.config()
    assert config["storage"]["metadata"] is None
    assert (
        config["storage"]["metadata_problem"]
        == f"The issuer's metadata is not available: {problem}."
    )
    assert config["routes"] == ROUTES["routes"]


@pytest.mark.parametrize(
    ("member", "value", "problem"),
    [
        ("issuer", f"{ISSUER}/", "names another issuer"),
        ("issuer", None, "names another issuer"),
        ("token_endpoint", None, "token_endpoint is not an https URL"),
        (
            "authorization_endpoint",
            "javascript:alert(1)",
            "authorization_endpoint is not an https URL",
        ),
        ("token_endpoint", "http://sign-in.example", "token_endpoint is not an https URL"),
        ("token_endpoint", "https://a.example; script-src *", "token_endpoint is not an https URL"),
        ("revocation_endpoint", 7, "revocation_endpoint is not an https URL"),
        ("end_session_endpoint", "https://u@a.example", "end_session_endpoint is not an https URL"),
    ],
)
def test_a_document_with_a_wrong_member_counts_as_none(
    page: Page, member: str, value: object, problem: str
) -> None:
    page.discovery.says(**{member: value})
    config = page.config()
    assert config["storage"]["metadata"] is None
    assert problem in config["storage"]["metadata_problem"]


def test_nobody_answering_is_told_in_words(page: Page) -> None:
    page.settings = Settings(
        PUBLIC_URL, PublicClient(ISSUER, "http://127.0.0.1:1/", "web", "openid")
    )
    page.__post_init__()
    assert "no answer: ConnectionRefusedError" in page.storage()["metadata_problem"]


def test_a_silent_issuer_is_given_up_on(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery_module, "TIMEOUT_SECONDS", 0.2)
    page.discovery.released = threading.Event()
    assert "no answer within 0.2 s" in page.storage()["metadata_problem"]
