"""Every Markdown page: its links lead somewhere, and its commands are there."""

import json
import re
from pathlib import Path

import pytest

from tests.unit.documents.pages import (
    PAGES,
    ROOT,
    broken,
    code_of,
    files_of,
    is_runnable,
    knows_option,
    links_of,
    modules_of,
    options_of,
    targets_of,
    text_of,
    variables_of,
)


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


@pytest.mark.parametrize("page", PAGES)
def test_each_file_that_python_runs_is_there_and_each_option_is_known(page: str) -> None:
    commands = code_of(text_of(ROOT / page))
    folders = (ROOT, ROOT / "lambda_src", (ROOT / page).parent)
    files = {name for code in commands for name in files_of(code)}
    assert {name for name in files if not any((at / name).is_file() for at in folders)} == set()
    options = {pair for code in commands for pair in options_of(code)}
    assert {pair for pair in options if not knows_option(*pair)} == set()


@pytest.mark.parametrize("page", PAGES)
def test_each_version_of_a_package_of_npm_is_the_one_that_is_pinned(page: str) -> None:
    pinned = json.loads(text_of(ROOT / "package.json"))["devDependencies"]
    named = re.findall(r"npm (?:install|i) ([\w@/-]+)@([\d.]+)", text_of(ROOT / page))
    assert {name: pinned.get(name) for name, _version in named} == dict(named)


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
    assert files_of(".venv/bin/python examples/no.py") == ["examples/no.py"]
    assert options_of("python -m local up --folder x") == {("local", "--folder")}
    assert not knows_option("local", "--folder")
