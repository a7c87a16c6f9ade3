"""`python -m local` where its own folder cannot be used."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sample.checkout import copy_sources
from tests.sample.paths import APP_MODULE


def local(*arguments: str, cwd: Path) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "local", *arguments, "--app", APP_MODULE],
        cwd=cwd,
        env={**os.environ, "COLUMNS": "160", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a start needs, without what an earlier start has left."""
    folder = tmp_path_factory.mktemp("project")
    copy_sources(folder)
    return folder


@pytest.fixture
def place(project: Path) -> Iterator[Path]:
    """Where the folder should be; nothing is there before and after a test."""
    place = project / ".local"
    yield place
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink()


def is_a_file(place: Path) -> None:
    place.write_text("")


def leads_nowhere(place: Path) -> None:
    place.symlink_to(place)


def has_a_folder_for_its_lock(place: Path) -> None:
    (place / "synth.lock").mkdir(parents=True)


@pytest.mark.parametrize("spoil", [is_a_file, leads_nowhere, has_a_folder_for_its_lock])
@pytest.mark.parametrize("command", [("demo",), ("up", "--port", "0")])
def test_a_folder_that_cannot_be_used_is_one_clear_line(
    place: Path, spoil: object, command: tuple[str, ...]
) -> None:
    assert callable(spoil)
    spoil(place)
    status, _, err = local(*command, cwd=place.parent)
    assert status == 1
    assert err.startswith(f"local: {place}")
    assert len(err.splitlines()) == 1
