import json
from pathlib import Path

import pytest

from jwt_verifier.errors import SettingsInvalid
from tests.unit.page.conftest import STATIC, Page

FOREVER = "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["/app", "/app/", "/app/callback"])
def test_the_page_is_served_and_asked_for_again_each_time(page: Page, path: str) -> None:
    answer = page.ask(path)
    assert answer["statusCode"] == 200
    assert answer["body"] == STATIC["index.html"]
    assert answer["headers"]["content-type"] == "text/html; charset=utf-8"
    assert answer["headers"]["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("main-ABCDEFGH.js", "text/javascript; charset=utf-8"),
        ("page-ABCDEFGH.css", "text/css; charset=utf-8"),
        ("icon-ABCDEFGH.svg", "image/svg+xml; charset=utf-8"),
    ],
)
def test_a_file_with_a_hash_in_its_name_may_be_kept_for_ever(
    page: Page, name: str, content_type: str
) -> None:
    answer = page.ask(f"/app/{name}")
    assert (answer["statusCode"], answer["body"]) == (200, STATIC[name])
    assert answer["headers"]["content-type"] == content_type
    assert answer["headers"]["cache-control"] == FOREVER


def test_a_file_without_a_hash_is_never_kept_unasked(page: Page, bundle: Path) -> None:
    (bundle / "static" / "plain.js").write_text("1")
    fresh = Page(bundle, page.settings, page.discovery)
    assert fresh.ask("/app/plain.js")["headers"]["cache-control"] == "no-cache"


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*", ' W/"x" ,{} '])
@pytest.mark.parametrize("path", ["/app", "/app/main-ABCDEFGH.js"])
def test_who_has_the_file_already_gets_304_with_the_same_headers(
    page: Page, path: str, form: str
) -> None:
    first = page.ask(path)
    tag = first["headers"]["etag"]
    again = page.ask(path, if_none_match=form.format(tag))
    assert (again["statusCode"], again["body"]) == (304, "")
    kept = {name: value for name, value in first["headers"].items() if name != "content-type"}
    assert again["headers"] == kept


@pytest.mark.parametrize("tag", ['"other"', "", "W/", "main", '"'])
def test_who_has_another_version_gets_the_file(page: Page, tag: str) -> None:
    assert page.ask("/app", if_none_match=tag)["statusCode"] == 200


def test_another_policy_makes_another_tag_of_the_same_page(page: Page) -> None:
    before = page.ask("/app")["headers"]["etag"]
    page.discovery.says(token_endpoint="https://elsewhere.example/token")
    page.clock.advance(301)
    assert page.ask("/app", if_none_match=before)["statusCode"] == 200


@pytest.mark.parametrize("path", ["/app", "/app/config.json", "/app/nothing.js"])
def test_head_is_answered_like_get_without_a_body(page: Page, path: str) -> None:
    head, get = page.ask(path, "HEAD"), page.ask(path)
    assert head["body"] == ""
    assert (head["statusCode"], head["headers"]) == (get["statusCode"], get["headers"])


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "get"])
def test_any_other_method_is_refused(page: Page, method: str) -> None:
    answer = page.ask("/app", method)
    assert answer["statusCode"] == 405
    assert answer["headers"]["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "path",
    [
        "/app/nothing.js",
        "/app/index.html/",
        "/app//index.html",
        "/app/../secret.txt",
        "/app/static/index.html",
        "/app/../static/../secret.txt",
        "/app/%2e%2e/secret.txt",
        "/app/..%2fsecret.txt",
        "/app/..\\secret.txt",
        "/app//etc/passwd",
        "/app/index.html\0.js",
        "/app/\0",
        "/app/.",
        "/app/callback/",
        "/app/MAIN-ABCDEFGH.JS",
        "/application",
        "/",
        "",
    ],
)
def test_what_is_no_file_of_the_page_is_a_404_in_words(page: Page, path: str) -> None:
    answer = page.ask(path)
    assert answer["statusCode"] == 404
    assert "<h1>Page not found</h1>" in answer["body"]
    assert answer["headers"]["content-type"] == "text/html; charset=utf-8"
    assert answer["headers"]["cache-control"] == "no-store"


def test_a_path_with_markup_stays_text(page: Page) -> None:
    body = page.ask("/app/<script>alert(1)</script>")["body"]
    assert "&lt;script&gt;" in body
    assert "<script" not in body


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda folder: (folder / "static" / "index.html").unlink(), "static/index.html: missing"),
        (lambda folder: (folder / "static" / "a.exe").write_text(""), "static/a.exe: not served"),
        (lambda folder: (folder / "static" / "a.js").mkdir(), "static/a.js: not served"),
        (lambda folder: (folder / "routes.json").unlink(), "routes.json: cannot be read"),
        (lambda folder: (folder / "routes.json").write_text("{"), "routes.json: cannot be read"),
        (lambda folder: (folder / "routes.json").write_text("[]"), "routes.json: has no list"),
        (
            lambda folder: (folder / "routes.json").write_text(json.dumps({"routes": {}})),
            "routes.json: has no list",
        ),
    ],
)
def test_a_bundle_without_a_part_of_the_page_is_refused(
    page: Page, bundle: Path, spoil: object, words: str
) -> None:
    assert callable(spoil)
    spoil(bundle)
    with pytest.raises(SettingsInvalid, match=f"^{words}"):
        Page(bundle, page.settings, page.discovery)
