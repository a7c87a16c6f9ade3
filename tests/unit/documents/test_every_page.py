"""Every Markdown page: its links lead somewhere, and its commands are there."""

import re
from collections import Counter
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parents[3]
FOLDERS = (".", "docs", "examples/*")
PAGES = sorted(
    str(page.relative_to(ROOT)) for folder in FOLDERS for page in ROOT.glob(f"{folder}/*.md")
)
SHELL_FENCES = {"console", "sh", "bash"}
OPTIONS_OF_MAKE = {"-s"}


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose_of(text: str) -> str:
    """Leave out fenced blocks and inline code, where brackets are no links."""
    without_blocks = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "`code`", without_blocks)


@cache
def anchors_of(page: Path) -> set[str]:
    """Name each heading as GitHub does: a second one of the same name ends in -1."""
    text = re.sub(r"^ *```.*?^ *```$", "", text_of(page), flags=re.MULTILINE | re.DOTALL)
    seen: Counter[str] = Counter()
    anchors = set()
    for title in re.findall(r"^#{1,6} (.+)$", text, re.MULTILINE):
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title).strip()
        slug = re.sub(r"[^\w -]", "", shown.lower()).replace(" ", "-")
        anchors.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return anchors


def links_of(text: str) -> list[str]:
    prose = prose_of(text)
    inline = re.findall(r"\]\(([^)\s]+)(?: \"[^\"]*\")?\)", prose)
    named = re.findall(r"^\[[^\]]+\]: (\S+)$", prose, re.MULTILINE)
    return [link for link in inline + named if not re.match(r"(?:https?|mailto):", link)]


def broken(page: Path, link: str) -> bool:
    path, _, anchor = unquote(link).partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.is_relative_to(ROOT) or not target.exists():
        return True
    return bool(anchor) and (target.suffix != ".md" or anchor not in anchors_of(target))


def code_of(text: str) -> list[str]:
    """Return each inline code, and each line of a block that a shell would be given."""
    blocks = re.findall(r"^ *```(\w*)\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    lines = [
        line.strip().removeprefix("$ ")
        for language, block in blocks
        if language in SHELL_FENCES
        for line in block.splitlines()
    ]
    indented = [line.strip() for line in text.splitlines() if line.startswith("    ")]
    without_blocks = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return lines + indented + re.findall(r"`([^`\n]+)`", without_blocks)


def targets_of(code: str) -> list[str]:
    """Return what `make` is asked for in a command; `NAME=value` is a variable."""
    found = re.search(r"(?:^|[|(;&] ?|\$\()make((?: [^\s|;&)]+)+)", code)
    words = found[1].split() if found else []
    targets = []
    for word in words:
        if word in OPTIONS_OF_MAKE or "=" in word:
            continue
        if not re.fullmatch(r"[a-z][a-z-]*", word):
            break
        targets.append(word)
    return targets


def variables_of(code: str) -> list[str]:
    """Return the names of what `make` is given: `STAGE=prod`."""
    found = re.search(r"(?:^|[|(;&] ?|\$\()make ([^|;&)]+)", code)
    return re.findall(r"(?:^| )([A-Z_]+)=", found[1]) if found and targets_of(code) else []


def modules_of(code: str) -> list[str]:
    return re.findall(r"\bpython3? -m ([\w.]+)", code)


def is_runnable(module: str) -> bool:
    """Look the module up without running it: in the checkout, in a function's folder, or installed."""
    parts = module.split(".")
    places = (ROOT, ROOT / "lambda_src")
    files = ("/".join(parts) + ".py", "/".join([*parts, "__main__"]) + ".py")
    if any((place / file).is_file() for place in places for file in files):
        return True
    return find_spec(parts[0]) is not None and not (ROOT / parts[0]).exists()


def test_the_pages_are_the_readme_the_documents_and_those_of_examples() -> None:
    assert {"README.md", "SECURITY.md", "docs/operate.md", "examples/verifier/README.md"} <= set(
        PAGES
    )


@pytest.mark.parametrize("page", PAGES)
def test_each_link_leads_to_a_file_and_a_heading_that_are_there(page: str) -> None:
    path = ROOT / page
    assert [link for link in links_of(text_of(path)) if broken(path, link)] == []


@pytest.mark.parametrize("page", PAGES)
def test_each_command_of_make_is_a_target_and_each_module_that_python_runs_is_there(
    page: str,
) -> None:
    used = text_of(ROOT / "Makefile")
    known = set(re.findall(r"^([a-z-]+):", used, re.MULTILINE))
    commands = code_of(text_of(ROOT / page))
    assert {target for code in commands for target in targets_of(code)} - known == set()
    variables = {name for code in commands for name in variables_of(code)}
    assert {
        name for name in variables if f"$({name})" not in used and f"${name}" not in used
    } == set()
    modules = {module for code in commands for module in modules_of(code)}
    assert {module for module in modules if not is_runnable(module)} == set()


def test_links_and_commands_that_lead_nowhere_are_found(tmp_path: Path) -> None:
    page = ROOT / "README.md"
    text = "[a](docs/nowhere.md) [b](docs/operate.md#no-such-heading) `[c](d)` [e](SECURITY.md#how-to-report)"
    assert [link for link in links_of(text) if broken(page, link)] == [
        "docs/nowhere.md",
        "docs/operate.md#no-such-heading",
    ]
    assert broken(page, str(tmp_path))
    assert code_of("`make a`\n```console\n$ make b c X=1\n```\n") == ["make b c X=1", "make a"]
    assert targets_of("make -s token NAME=a | make explain") == ["token"]
    assert variables_of("make deploy STAGE=prod NAME=x | cat A=1") == ["STAGE", "NAME"]
    assert targets_of('TOKEN="$(make -s token)"') == ["token"]
    assert not is_runnable("local.nowhere")
