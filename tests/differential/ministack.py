"""ministack in its own environment, on loopback: the same template as a CloudFormation stack."""

import http.client
import io
import json
import os
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import boto3
from uv import find_uv_bin

from tests.e2e.gateway.templates import FUNCTIONS

ROOT: Final = Path(__file__).resolve().parents[2]
ENVIRONMENT: Final = ROOT / ".local" / "ministack"
REQUIREMENTS: Final = ("ministack==1.5.33", "cryptography==50.0.2")
REGION: Final = "eu-west-1"
START_SECONDS: Final = 30
STACK_SECONDS: Final = 60
STOP_SECONDS: Final = 10


class PeerFailed(Exception):
    """ministack cannot be installed, started or given the stack; the message is one line."""


@dataclass(frozen=True)
class ServedApi:
    """Where requests to an API go; `host` is the Host header that selects it."""

    port: int
    host: str


@contextmanager
def serve_by_ministack(resources: Mapping[str, Any]) -> Iterator[ServedApi]:
    """Serve a template's resources until the block ends.

    Raises:
        PeerFailed: With the reason in one line.
    """
    _install()
    port = _free_port()
    log = ENVIRONMENT / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [ENVIRONMENT / "bin" / "ministack"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=ENVIRONMENT,
            env=_environment(port),
        )
        try:
            _wait_until_healthy(process, port, log)
            yield ServedApi(port, f"{_create(port, resources)}.execute-api.localhost:{port}")
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _install() -> None:
    python = ENVIRONMENT / "bin" / "python"
    uv = find_uv_bin()
    commands = [
        [uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(ENVIRONMENT)],
        [uv, "pip", "install", "--quiet", "--python", str(python), *REQUIREMENTS],
    ]
    for command in commands:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise PeerFailed(f"ministack cannot be installed: {' '.join(done.stderr.split())}")


def _environment(port: int) -> dict[str, str]:
    scratch = ENVIRONMENT / "scratch"
    scratch.mkdir(exist_ok=True)
    return {
        "PATH": f"{ENVIRONMENT / 'bin'}{os.pathsep}{os.defpath}",
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "MINISTACK_ACCOUNT_ID": "123456789012",
        "MINISTACK_REGION": REGION,
        "SFTP_ENABLED": "0",
    }


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def _wait_until_healthy(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=1)) as connection:
            try:
                connection.request("GET", "/_ministack/health")
                if connection.getresponse().status == http.HTTPStatus.OK:
                    return
            except OSError:
                time.sleep(0.1)
    lines = log.read_text(errors="replace").split("\n")
    raise PeerFailed(f"ministack does not start: {' '.join(lines[-3:])}")


def _create(port: int, resources: Mapping[str, Any]) -> str:
    """Create the stack and return the API's id."""
    session = boto3.session.Session("test", "test", region_name=REGION)
    endpoint = f"http://127.0.0.1:{port}"
    s3 = session.client("s3", endpoint_url=endpoint)
    s3.create_bucket(Bucket="assets", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="assets", Key="functions.zip", Body=_zip())
    formation = session.client("cloudformation", endpoint_url=endpoint)
    formation.create_stack(StackName="Stack", TemplateBody=json.dumps({"Resources": resources}))
    deadline = time.monotonic() + STACK_SECONDS
    while time.monotonic() < deadline:
        status = formation.describe_stacks(StackName="Stack")["Stacks"][0]["StackStatus"]
        if status == "CREATE_COMPLETE":
            found = formation.describe_stack_resource(StackName="Stack", LogicalResourceId="Api")
            return str(found["StackResourceDetail"]["PhysicalResourceId"])
        if not status.endswith("IN_PROGRESS"):
            events = formation.describe_stack_events(StackName="Stack")["StackEvents"]
            reasons = [event.get("ResourceStatusReason", "") for event in events]
            raise PeerFailed(
                f"ministack does not take the stack: {'; '.join(filter(None, reasons))}"
            )
        time.sleep(0.1)
    raise PeerFailed("ministack does not finish the stack")


def _zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(FUNCTIONS.glob("*.py")):
            archive.write(path, path.name)
    return packed.getvalue()
