"""The file that scripts read belongs to one running stack."""

import json
import stat
from pathlib import Path

import pytest

from local.errors import StartFailed
from local.json_value import JsonObject
from local.terminal.outputs_file import OutputsFile

FIRST: JsonObject = {"api_url": "http://127.0.0.1:3001"}
SECOND: JsonObject = {"api_url": "http://127.0.0.1:3002"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made" / "outputs.json"


def test_it_is_there_from_the_first_write_until_it_is_removed(path: Path) -> None:
    file = OutputsFile(path)
    assert not path.exists()
    file.write(FIRST)
    assert json.loads(path.read_text()) == FIRST
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    file.write(SECOND)
    assert json.loads(path.read_text()) == SECOND
    file.remove()
    assert list(path.parent.iterdir()) == []


def test_two_stacks_never_touch_each_others_file(path: Path) -> None:
    first, second = OutputsFile(path), OutputsFile(path)
    first.write(FIRST)
    second.write(SECOND)
    assert second.path == path.with_name("outputs-3002.json")
    assert json.loads(path.read_text()) == FIRST
    assert json.loads(second.path.read_text()) == SECOND
    first.write(FIRST)
    second.write(SECOND)
    first.remove()
    assert [file.name for file in path.parent.iterdir()] == ["outputs-3002.json"]
    first.write(FIRST)
    second.remove()
    assert json.loads(path.read_text()) == FIRST


def test_a_start_beside_a_running_stack_leaves_its_file(path: Path) -> None:
    first = OutputsFile(path)
    first.write(FIRST)
    second = OutputsFile(path)
    second.remove()
    assert json.loads(path.read_text()) == FIRST


def test_what_a_killed_stack_has_left_is_removed_and_its_place_taken(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("{}")
    file = OutputsFile(path)
    assert not path.exists()
    path.write_text("{}")
    file.write(FIRST)
    assert file.path == path
    assert json.loads(path.read_text()) == FIRST


def test_a_place_where_no_file_can_be_is_told_with_the_fix(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StartFailed, match=r"outputs\.json cannot be written .*--outputs"):
        OutputsFile(path)
    with pytest.raises(StartFailed, match=r"below/outputs\.json cannot be written .*--outputs"):
        OutputsFile(_file(path / "file") / "below" / "outputs.json").write(FIRST)


def _file(path: Path) -> Path:
    path.touch()
    return path
