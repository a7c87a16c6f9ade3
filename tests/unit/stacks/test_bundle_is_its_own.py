"""What a bundle is made of: wheels with the locked hashes, and nothing that anybody else can reach."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from aws_jwt_authorizer.bundling.bundle import Bundle, BundleFailed
from aws_jwt_authorizer.bundling.target import Target, deployed_target, host_target
from aws_jwt_authorizer.bundling.wheels import WHEELS, WheelFolder
from aws_jwt_authorizer.function_sources import LAMBDA_SRC
from tests.sample.paths import BACKENDS

TARGETS = pytest.mark.parametrize("target", [deployed_target(), host_target()], ids=str)
MODULE = "jmespath/__init__.py"
EVIL = b"evil = 1\n"


@pytest.fixture
def wheels(tmp_path: Path) -> WheelFolder:
    """Wheels of its own: what this test does to them reaches nobody."""
    for target in (deployed_target(), host_target()):
        WheelFolder().wheels(LAMBDA_SRC / "authorizer" / "requirements.txt", target)
    shutil.copytree(WHEELS, tmp_path / "wheels")
    return WheelFolder(tmp_path / "wheels")


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")


def built(folder: Path, wheels: WheelFolder, target: Target, function: str = "health") -> Path:
    folder.mkdir()
    own = LAMBDA_SRC if function == "authorizer" else BACKENDS
    Bundle(function, target, {}, own).build(folder, wheels)
    return folder


@TARGETS
def test_no_file_of_a_bundle_is_linked_to_from_anywhere_else(
    tmp_path: Path, wheels: WheelFolder, target: Target
) -> None:
    bundle = built(tmp_path / "out", wheels, target)
    assert {path.stat().st_nlink for path in bundle.rglob("*") if path.is_file()} == {1}


@TARGETS
def test_what_is_written_into_a_bundle_is_in_no_other(
    tmp_path: Path, wheels: WheelFolder, target: Target
) -> None:
    first = built(tmp_path / "first", wheels, host_target())
    for path in (first / MODULE, first / "aws_lambda_powertools" / "py.typed"):
        path.write_bytes(EVIL)
    second = built(tmp_path / "second", wheels, target)
    assert EVIL not in {path.read_bytes() for path in second.rglob("*") if path.is_file()}


def cut_short(wheel: Path) -> None:
    wheel.write_bytes(wheel.read_bytes()[:-1])


def one_byte_more(wheel: Path) -> None:
    wheel.write_bytes(wheel.read_bytes() + b"x")


def another_project(wheel: Path) -> None:
    shutil.copy(next(WHEELS.glob("six-*.whl")), wheel)


def gone(wheel: Path) -> None:
    wheel.unlink()


@TARGETS
@pytest.mark.parametrize("change", [cut_short, one_byte_more, another_project, gone])
@pytest.mark.usefixtures("offline")
def test_a_wheel_that_is_not_what_the_lock_says_is_never_unpacked(
    tmp_path: Path, wheels: WheelFolder, target: Target, change: Callable[[Path], None]
) -> None:
    change(next(wheels.path.glob("jmespath-*.whl")))
    with pytest.raises(BundleFailed) as caught:
        built(tmp_path / "out", wheels, target)
    text = str(caught.value)
    assert text.startswith("cannot bundle health: its locked requirements cannot be installed")
    assert "run `python -m aws_jwt_authorizer.bundling.bundle` once with a network" in text
    assert "jmespath" in text
    assert "\n" not in text
    assert not (tmp_path / "out" / MODULE).exists()


@TARGETS
def test_an_altered_wheel_is_fetched_again(
    tmp_path: Path, wheels: WheelFolder, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", str(WHEELS))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    one_byte_more(next(wheels.path.glob("jmespath-*.whl")))
    bundle = built(tmp_path / "out", wheels, target)
    assert (bundle / MODULE).read_bytes() != EVIL
    [wheel] = wheels.path.glob("jmespath-*.whl")
    assert wheel.read_bytes() == (WHEELS / wheel.name).read_bytes()


@pytest.mark.usefixtures("offline")
def test_a_wheel_for_another_machine_does_not_fit(tmp_path: Path, wheels: WheelFolder) -> None:
    for wheel in wheels.path.glob("cffi-*aarch64.whl"):
        wheel.unlink()
    with pytest.raises(BundleFailed, match="cffi"):
        built(tmp_path / "out", wheels, deployed_target(), "authorizer")


@pytest.mark.usefixtures("offline")
def test_files_that_are_no_wheels_are_left_alone(tmp_path: Path, wheels: WheelFolder) -> None:
    (wheels.path / "jmespath.whl").write_bytes(EVIL)
    (wheels.path / "notes.txt").write_bytes(EVIL)
    assert (built(tmp_path / "out", wheels, host_target()) / MODULE).exists()


def test_scripts_of_a_wheel_are_left_out(tmp_path: Path, wheels: WheelFolder) -> None:
    names = {path.name for path in built(tmp_path / "out", wheels, host_target()).rglob("*")}
    assert "jp.py" not in names
