"""What `make new` and `make upgrade` do to a history, on a small one."""

import json
from pathlib import Path

import pytest

from starter.__main__ import main
from starter.eject import FILES, NONE_OF_THE_SAMPLE, SAMPLE, YOURS
from starter.git import GitRefused, git
from starter.new_project import new_project
from starter.upgrade import upgrade
from tests.sample.paths import CDK_JSON

FILE_OF = {
    "lambda_src/orders": "handler.py",
    "lambda_src/partner_orders": "handler.py",
    "tests/your_app/snapshots": "dev-api.json",
    "tests/your_app/stateful": "dev.json",
}
OURS = "stacks/assembly.py"
NEW_FIELD = '"log_level": "INFO",\n        "new_field": true,'


@pytest.fixture(autouse=True)
def somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who commits, whatever this machine's git is told."""
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@example.com")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    """A repository of ours."""
    folder = tmp_path / "ours"
    for path in (*SAMPLE, *YOURS, OURS):
        write(folder, path if path.endswith(".py") else f"{path}/{FILE_OF[path]}", "# as it was\n")
    write(folder, "cdk.json", CDK_JSON.read_text(encoding="utf-8"))
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "A change")


def write(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text, encoding="utf-8")


def text_of(folder: Path, path: str) -> str:
    return (folder / path).read_text(encoding="utf-8")


def project_of(upstream: Path, name: str = "my-api") -> Path:
    project = upstream.parent / name
    new_project(upstream, project, name)
    commit(project)
    return project


def test_a_new_project_has_its_name_and_nothing_of_the_sample(upstream: Path) -> None:
    project = project_of(upstream)
    context = json.loads(text_of(project, "cdk.json"))["context"]
    assert context["app_name"] == "my-api"
    for fields in context["stages"].values():
        assert NONE_OF_THE_SAMPLE.items() <= fields.items()
    assert not [path for path in SAMPLE if (project / path).exists()]
    assert text_of(project, "stacks/access.py") == (FILES / "stacks/access.py").read_text()
    assert text_of(project, OURS) == text_of(upstream, OURS)
    assert git(project, "remote") == "upstream"
    assert git(project, "rev-list", "--count", "HEAD") == "2"


def test_a_version_of_ours_is_merged_and_what_is_yours_stays(upstream: Path) -> None:
    project = project_of(upstream)
    write(project, "stacks/access.py", "# yours\n")
    write(project, "lambda_src/invoices/handler.py", "# yours\n")
    write(project, "tests/your_app/snapshots/dev-api.json", "{}\n")
    commit(project)
    fields = text_of(upstream, "cdk.json").replace('"log_level": "INFO",', NEW_FIELD)
    write(upstream, "cdk.json", fields)
    for path in (OURS, "stacks/access.py", "lambda_src/orders/handler.py"):
        write(upstream, path, text_of(upstream, path) + "# a fix of ours\n")
    write(upstream, "lambda_src/orders/more.py", "# of the sample\n")
    write(upstream, "tests/your_app/snapshots/dev-api.json", '{"theirs": 1}\n')
    commit(upstream)
    git(project, "fetch", "--quiet", "upstream")
    assert upgrade(project, "upstream/main") == []
    commit(project)
    assert text_of(project, OURS).endswith("# a fix of ours\n")
    assert text_of(project, "stacks/access.py") == "# yours\n"
    assert text_of(project, "lambda_src/invoices/handler.py") == "# yours\n"
    assert text_of(project, "tests/your_app/snapshots/dev-api.json") == "{}\n"
    assert not (project / "lambda_src" / "orders").exists()
    context = json.loads(text_of(project, "cdk.json"))["context"]
    assert context["app_name"] == "my-api"
    assert all(stage["new_field"] for stage in context["stages"].values())
    assert git(project, "status", "--porcelain") == ""
    assert git(project, "merge-base", "HEAD", "upstream/main") == git(upstream, "rev-parse", "HEAD")


def test_lines_that_both_sides_have_changed_are_left_to_the_user(upstream: Path) -> None:
    project = project_of(upstream)
    for folder, line in ((project, "# yours"), (upstream, "# ours")):
        write(folder, OURS, f"{line}\n{text_of(folder, OURS)}")
        commit(folder)
    git(project, "fetch", "--quiet", "upstream")
    assert upgrade(project, "upstream/main") == [OURS]


def test_an_upgrade_asks_for_a_commit_and_for_a_version_that_is_there(upstream: Path) -> None:
    project = project_of(upstream)
    with pytest.raises(GitRefused, match="there is no version upstream/never: "):
        upgrade(project, "upstream/never")
    write(project, OURS, "# not committed\n")
    with pytest.raises(GitRefused, match="commit your changes first"):
        upgrade(project, "upstream/main")


def test_a_project_that_was_cloned_hands_on_where_it_came_from(upstream: Path) -> None:
    clone = upstream.parent / "clone"
    git(upstream, "clone", "--quiet", str(upstream), str(clone))
    new_project(clone, upstream.parent / "mine", "mine")
    assert git(upstream.parent / "mine", "remote", "get-url", "upstream") == str(upstream)


def test_a_folder_that_is_there_is_not_touched(upstream: Path) -> None:
    with pytest.raises(GitRefused, match="is there already: name another folder with DEST="):
        new_project(upstream, upstream, "my-api")


@pytest.mark.parametrize("name", ["My API", "", "cognito"])
def test_a_name_that_no_app_may_have_is_one_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", name, "--into", str(tmp_path / "project")]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"new: context.app_name is {name!r}: it must be 1 to 32 lower-case")
    assert not (tmp_path / "project").exists()
