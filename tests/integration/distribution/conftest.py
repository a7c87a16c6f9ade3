"""The wheel, built and installed as somebody else would."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from uv import find_uv_bin

ROOT = Path(__file__).parents[3]
Run = Callable[..., str]
NO_MORE: Mapping[str, str] = {}


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def wheel(dist: Path) -> Path:
    [built] = dist.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def sdist(dist: Path) -> Path:
    [built] = dist.glob("*.tar.gz")
    return built


@pytest.fixture(scope="session")
def run_installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run Python in a fresh virtual environment that holds the wheel and what it requires."""
    return environment(tmp_path_factory.mktemp("environment"), str(wheel))


@pytest.fixture(scope="session")
def run_with_cdk(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The same with the extra for CDK apps, in the versions that this checkout has locked."""
    locked = ["--constraint", str(ROOT / "requirements.txt")]
    return environment(tmp_path_factory.mktemp("cdk"), f"{wheel}[cdk]", *locked)


def environment(folder: Path, *requirements: str) -> Run:
    python = folder / "bin" / "python"
    uv = find_uv_bin()
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
    install = [uv, "pip", "install", "--quiet", "--python", str(python), *requirements]
    subprocess.run(install, cwd=folder, check=True)

    def run(*arguments: str, cwd: Path = folder, variables: Mapping[str, str] = NO_MORE) -> str:
        done = subprocess.run(
            [python, "-I", *arguments],
            cwd=cwd,
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
