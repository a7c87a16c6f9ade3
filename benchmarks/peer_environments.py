"""Pins -> folders of their own in which the peers run: they never meet ours."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
LOCAL: Final = ROOT / ".local"
PEERS: Final = LOCAL / "peers"
"""Python's peers."""
RUNTIME: Final = LOCAL / "lambda-runtime"
"""What stands for Lambda's managed runtime: its client, and nothing of ours."""
NODE_PEERS: Final = LOCAL / "node-peers"
NODE_SOURCES: Final = ROOT / "benchmarks" / "node_peers"


def make_python_environment(folder: Path, pins: Path) -> Path:
    """Give a virtual environment the pinned versions, compiled, unless it has them already.

    Args:
        folder: where it is, or is made.
        pins: a requirements file.

    Returns:
        Its interpreter.
    """
    uv = str(Path(sys.executable).parent / "uv")
    python = folder / "bin" / "python"
    if not python.exists():
        _run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)])
    install = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(python)]
    _run([*install, "-r", str(pins)])
    return python


def make_peers_environment() -> Path:
    """Make `.local/peers` from its pins; return its interpreter."""
    return make_python_environment(PEERS, ROOT / "benchmarks" / "peers-requirements.txt")


def make_runtime_environment() -> Path:
    """Make `.local/lambda-runtime` from its pins; return its interpreter."""
    return make_python_environment(RUNTIME, ROOT / "benchmarks" / "runtime-requirements.txt")


def make_node_environment() -> Path:
    """Make `.local/node-peers` from the lock, with the scripts that run there; return it."""
    shutil.copytree(NODE_SOURCES, NODE_PEERS, dirs_exist_ok=True)
    lock, installed = NODE_PEERS / "package-lock.json", NODE_PEERS / "installed-lock.json"
    if not installed.exists() or installed.read_bytes() != lock.read_bytes():
        _run(["npm", "ci", "--silent", "--no-fund", "--no-audit"], NODE_PEERS)
        shutil.copyfile(lock, installed)
    return NODE_PEERS


def _run(command: Sequence[str], folder: Path = ROOT) -> None:
    subprocess.run(command, cwd=folder, check=True)  # noqa: S603  # fixed words
