import pytest

from tests.unit.page.conftest import Page

PATHS = ["/app", "/app/callback", "/app/config.json", "/app/main-ABCDEFGH.js", "/app/nothing"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_headers(page: Page, path: str) -> None:
    headers = page.ask(path)["headers"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["content-security-policy"].startswith("default-src 'none'; ")


def test_the_policy_names_our_own_origin_and_the_issuers_endpoints_and_no_other(page: Page) -> None:
    assert page.policy() == {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'", "https://revoke.example:8443", "https://sign-in.example"],
        "form-action": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["'none'"],
        "webrtc": ["'block'"],
    }


def test_an_issuer_that_the_browser_is_only_sent_to_is_not_in_the_policy(page: Page) -> None:
    page.discovery.says(
        authorization_endpoint="https://login.example/authorize",
        end_session_endpoint="https://login.example/logout",
        revocation_endpoint=None,
    )
    assert page.policy()["connect-src"] == ["'self'", "https://sign-in.example"]


def test_without_metadata_the_page_may_ask_nobody_but_its_own_origin(page: Page) -> None:
    page.discovery.status = 500
    assert page.policy()["connect-src"] == ["'self'"]


@pytest.mark.parametrize("method", ["HEAD", "POST"])
def test_answers_to_other_methods_carry_them_too(page: Page, method: str) -> None:
    assert "content-security-policy" in page.ask("/app", method)["headers"]
