import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from aws_jwt_authorizer.function_sources import PAGE, backends_in
from stacks.browser import web_page
from stacks.browser.web_page import PageBuildFailed, page_files

ROOT = Path(__file__).parents[4]


class Markup(HTMLParser):
    """Every start tag with its attributes, and the text inside scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inline = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.lasttag in ("script", "style") and self.tags[-1][0] == self.lasttag:
            self.inline += data.strip()


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return page_files()


@pytest.fixture(scope="module")
def markup(files: dict[str, str]) -> Markup:
    return Markup(files["static/index.html"])


def copied(folder: Path) -> Path:
    shutil.copytree(ROOT / "web", folder / "web")
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    return folder / "web"


def test_two_builds_in_two_places_are_the_same_bytes(tmp_path: Path, files: dict[str, str]) -> None:
    assert page_files(copied(tmp_path)) == files


def test_the_page_is_one_document_one_script_one_style_and_one_picture(
    files: dict[str, str],
) -> None:
    patterns = [r"icon-\w{8}\.svg", r"index\.html", r"main-\w{8}\.js", r"page-\w{8}\.css"]
    assert len(files) == len(patterns)
    for name, pattern in zip(sorted(files), patterns, strict=True):
        assert re.fullmatch(f"static/{pattern}", name)


def test_a_changed_script_gets_another_name(tmp_path: Path, files: dict[str, str]) -> None:
    web = copied(tmp_path)
    main = web / "src" / "main.ts"
    main.write_text(main.read_text() + '\nconsole.log("changed");\n')
    changed = page_files(web)
    assert changed.keys() != files.keys()
    assert changed["static/index.html"] != files["static/index.html"]


def test_the_page_refers_to_the_built_files_by_their_own_paths(
    files: dict[str, str], markup: Markup
) -> None:
    built = {name.replace("static/", "/app/") for name in files}
    links = {
        value
        for tag, attributes in markup.tags
        for name, value in attributes.items()
        if name in ("src", "href") and tag in ("script", "link", "img")
    }
    assert links == built - {"/app/index.html"}
    assert "{{" not in files["static/index.html"]


def test_nothing_in_the_page_is_inline(markup: Markup) -> None:
    assert markup.inline == ""
    for tag, attributes in markup.tags:
        assert tag not in ("style", "base", "iframe", "object", "embed", "form")
        assert not {name for name in attributes if name.startswith("on") or name == "style"}
        assert not any((value or "").startswith("javascript:") for value in attributes.values())


def test_no_other_origin_is_in_the_page_or_its_style(files: dict[str, str]) -> None:
    for name, text in files.items():
        if name.endswith((".html", ".css")):
            assert "//" not in text.replace("<!doctype html>", "")


def test_our_sources_never_turn_text_into_markup_or_code() -> None:
    sinks = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|srcdoc"
    )
    sources = list((ROOT / "web" / "src").glob("*.ts"))
    assert sources
    for source in sources:
        assert not sinks.search(source.read_text()), source.name


def test_the_page_is_a_function_that_routes_may_name(tmp_path: Path) -> None:
    assert PAGE in backends_in(tmp_path)


def test_without_node_modules_the_fix_is_said_in_one_line(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "web", tmp_path / "web")
    with pytest.raises(PageBuildFailed) as caught:
        page_files(tmp_path / "web")
    assert str(caught.value) == (
        "cannot build the web page: node_modules has no esbuild; run `make setup`"
    )


def test_without_node_the_fix_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(PageBuildFailed, match="node is not on PATH; install Node 20"):
        page_files()


def test_a_source_that_does_not_build_is_named_in_one_line(tmp_path: Path) -> None:
    web = copied(tmp_path)
    (web / "src" / "main.ts").write_text("import './missing';\n")
    with pytest.raises(PageBuildFailed) as caught:
        page_files(web)
    assert "src/main.ts:1: " in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) <= web_page.LONGEST_REASON_CHARACTERS + 60
