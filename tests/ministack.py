"""ministack, an emulator of AWS, in an environment of its own, on loopback.

Neither it nor a function that it runs reaches anything but this machine: `isolation` is on their
path.
"""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from uv import find_uv_bin

from tests.processes import PATIENCE_SECONDS

HERE: Final = Path(__file__).resolve().parent
ENVIRONMENT: Final = HERE.parent / ".local" / "ministack"
REQUIREMENTS: Final = HERE / "ministack-requirements.txt"
ACCOUNT: Final = "123456789012"
REGION: Final = "eu-west-1"
STOP_SECONDS: Final = 10


class EmulatorFailed(Exception):
    """ministack cannot be installed or started; the message is one line."""


@dataclass(frozen=True)
class Emulator:
    """A running ministack.

    Attributes:
        port: Where it listens, on 127.0.0.1.
        log: What it has written.
    """

    port: int
    log: Path

    @property
    def url(self) -> str:
        """Where every service of AWS is."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def running_emulator() -> Iterator[Emulator]:
    """Start ministack with nothing in it, and stop it with all its functions when the block ends.

    Raises:
        EmulatorFailed: With the reason in one line.
    """
    python = install_environment(ENVIRONMENT, REQUIREMENTS)
    with TemporaryDirectory(prefix="ministack-") as scratch:
        emulator = Emulator(_free_port(), Path(scratch) / "log")
        with emulator.log.open("wb") as output:
            process = subprocess.Popen(
                [python.parent / "ministack"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=scratch,
                env=_environment(emulator.port, scratch),
            )
            try:
                _wait_until_healthy(process, emulator)
                yield emulator
            finally:
                process.terminate()
                try:
                    process.wait(STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def install_environment(folder: Path, requirements: Path) -> Path:
    """Give a virtual environment exactly the packages of a lock, by their hashes.

    Args:
        folder: Where it is, or is made.
        requirements: The lock.

    Returns:
        Its interpreter.

    Raises:
        EmulatorFailed: With the reason in one line.
    """
    python = folder / "bin" / "python"
    commands = (
        ("venv", "--allow-existing", "--python", sys.executable, str(folder)),
        ("pip", "sync", "--require-hashes", "--python", str(python), str(requirements)),
    )
    for command in commands:
        done = subprocess.run(
            [find_uv_bin(), "--quiet", *command], capture_output=True, text=True, check=False
        )
        if done.returncode:
            reason = " ".join(done.stderr.split())
            raise EmulatorFailed(f"{requirements.name} cannot be installed: {reason}")
    return python


def _environment(port: int, scratch: str) -> dict[str, str]:
    return {
        "PATH": f"{ENVIRONMENT / 'bin'}{os.pathsep}{os.defpath}",
        "PYTHONPATH": str(HERE / "isolation"),
        "HOME": scratch,
        "TMPDIR": scratch,
        "STATE_DIR": f"{scratch}/state",
        "S3_DATA_DIR": f"{scratch}/s3",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": REGION,
        "SFTP_ENABLED": "0",
    }


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def _wait_until_healthy(process: subprocess.Popen[bytes], emulator: Emulator) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with closing(http.client.HTTPConnection("127.0.0.1", emulator.port, timeout=1)) as link:
            try:
                link.request("GET", "/_ministack/health")
                if link.getresponse().status == http.HTTPStatus.OK:
                    return
            except OSError:
                time.sleep(0.1)
    lines = emulator.log.read_text(errors="replace").split("\n")
    raise EmulatorFailed(f"ministack does not start: {' '.join(lines[-3:])}")
