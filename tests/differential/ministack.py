"""The same template as a CloudFormation stack of ministack."""

import io
import json
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import boto3

from tests.e2e.gateway.templates import FUNCTIONS
from tests.ministack import REGION, EmulatorFailed, running_emulator

STACK_SECONDS: Final = 60


@dataclass(frozen=True)
class ServedApi:
    """Where requests to an API go; `host` is the Host header that selects it."""

    port: int
    host: str


@contextmanager
def serve_by_ministack(resources: Mapping[str, Any]) -> Iterator[ServedApi]:
    """Serve a template's resources until the block ends.

    Raises:
        EmulatorFailed: With the reason in one line.
    """
    with running_emulator() as emulator:
        port = emulator.port
        yield ServedApi(port, f"{_create(port, resources)}.execute-api.localhost:{port}")


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
            raise EmulatorFailed(
                f"ministack does not take the stack: {'; '.join(filter(None, reasons))}"
            )
        time.sleep(0.1)
    raise EmulatorFailed("ministack does not finish the stack")


def _zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(FUNCTIONS.glob("*.py")):
            archive.write(path, path.name)
    return packed.getvalue()
