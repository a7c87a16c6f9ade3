"""An AWS account that the emulator plays: commands, their environment, and what is in it."""

import http.client
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

import boto3

from local.surroundings import NO_AWS_FILES
from tests.ministack import ACCOUNT, REGION, Emulator, install_environment
from tests.processes import PATIENCE_SECONDS, SHARED_BYTECODE

ROOT: Final = Path(__file__).resolve().parents[2]
AWS_CLI: Final = ROOT / ".local" / "aws-cli"
AWS_CLI_REQUIREMENTS: Final = Path(__file__).with_name("aws-cli-requirements.txt")
LONGEST_OUTPUT: Final = 65_536
FUNCTION_SETTINGS: Final = (
    *("CodeSha256", "Description", "Environment", "Handler"),
    *("MemorySize", "Role", "Runtime", "Timeout"),
)
NOWHERE: Final = "http://127.0.0.1:1"
"""A proxy that is not there: what would leave this machine fails."""


@dataclass(frozen=True)
class Done:
    """How a command ended, and everything that it wrote."""

    status: int
    output: str


class EmulatedAccount:
    """Runs our commands as somebody who has this account.

    Args:
        emulator: Where it is.
        folder: Where commands keep outputs, and everything else that they write.
    """

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        self._emulator, self.folder = emulator, folder
        self.cdk_json = folder / "cdk.json"
        self.deployed = folder / "deployed"
        assert urlsplit(emulator.url).hostname == "127.0.0.1", "rehearse on this machine alone"
        node = shutil.which("node")
        assert node, "Node is what CDK runs on"
        path = (ROOT / ".venv" / "bin", Path(node).parent)
        self.environment: Mapping[str, str] = {
            **SHARED_BYTECODE,
            **NO_AWS_FILES,
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "rehearsal",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,  # the first version of AWS's command line reads no other
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": emulator.url,
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            "REHEARSED_CDK_JSON": str(self.cdk_json),
            "HOME": str(folder),
            "HTTPS_PROXY": NOWHERE,
            "NO_PROXY": "127.0.0.1,localhost",
            "NODE_NO_WARNINGS": "1",
            "PATH": os.pathsep.join([*map(str, path), os.defpath]),
        }

    def stages(self, **changes: Mapping[str, Any]) -> None:
        """Write a cdk.json: the sample's, with some fields of some stages changed."""
        sample = json.loads((ROOT / "tests/sample/cdk.json").read_text(encoding="utf-8"))
        for stage, fields in changes.items():
            sample["context"]["stages"][stage].update(fields)
        self.cdk_json.write_text(json.dumps(sample), encoding="utf-8")

    def run(self, *arguments: str | Path) -> Done:
        """Run one of our commands about a stage."""
        return self.call(*self._command(*arguments))

    def type(self, typed: str, *arguments: str | Path) -> Done:
        """Run one of our commands at a terminal, and type something there."""
        person, terminal = os.openpty()
        with (
            os.fdopen(person, "r+b", buffering=0) as keyboard,
            os.fdopen(terminal, "r+b", buffering=0) as tty,
        ):
            keyboard.write(typed.encode())
            process = subprocess.Popen(
                self._command(*arguments),
                cwd=ROOT,
                env=self.environment,
                stdin=tty,
                stdout=tty,
                stderr=tty,
            )
            status = process.wait(PATIENCE_SECONDS)
            output = keyboard.read(LONGEST_OUTPUT).decode()
        return Done(status, output)

    def _command(self, *arguments: str | Path) -> list[str]:
        own = ("--app", "tests.deployment.app", "--folder", str(self.deployed))
        return [sys.executable, "-m", "stacks.deployment", *map(str, arguments), *own]

    def call(self, *command: str | Path, **environment: str) -> Done:
        """Run a command as this account, without a terminal."""
        done = subprocess.run(
            [str(part) for part in command],
            cwd=ROOT,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        return Done(done.returncode, done.stdout)

    def client(self, service: Any) -> Any:
        """A client of one of the account's services."""
        return boto3.client(
            service,
            endpoint_url=self._emulator.url,
            region_name=REGION,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="rehearsal",
        )

    def shell(self, script: str, **variables: str) -> Done:
        """Run commands of make and of AWS's command line, as a person types them."""
        aws = install_environment(AWS_CLI, AWS_CLI_REQUIREMENTS).parent
        path = os.pathsep.join([str(aws), self.environment["PATH"]])
        own = {"APP": "tests.deployment.app", "DEPLOYED": str(self.deployed), "PATH": path}
        return self.call("bash", "-euo", "pipefail", "-c", script, **own, **variables)

    def cdk(self, *arguments: str | Path) -> Done:
        """Run CDK's command line itself, past our own commands."""
        return self.call(ROOT / "node_modules" / ".bin" / "cdk", *arguments, "--no-notices")

    def output(self, name: str, stage: str = "dev") -> str:
        """The value of one output."""
        done = self.run("outputs", name, "--stage", stage)
        assert done.status == 0, done.output
        return done.output.strip()

    def stack(self, name: str) -> Any:
        """What CloudFormation says of a stack."""
        return self.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]

    def create_stack(self, name: str, resources: Mapping[str, Any]) -> None:
        """Have CloudFormation make a stack; what it refuses at once is an error."""
        template = json.dumps({"Resources": resources})
        self.client("cloudformation").create_stack(StackName=name, TemplateBody=template)

    def settled(self, name: str) -> str:
        """The status of a stack once nothing changes it any longer."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (status := str(self.stack(name)["StackStatus"])).endswith("_IN_PROGRESS"):
            assert time.monotonic() < deadline, status
            time.sleep(0.1)
        return status

    def reasons(self, name: str) -> list[str]:
        """Why parts of a stack could not be made."""
        events = self.client("cloudformation").describe_stack_events(StackName=name)["StackEvents"]
        return [event.get("ResourceStatusReason", "") for event in events]

    def functions(self) -> dict[str, Any]:
        """The settings of each function, by its name."""
        listed = self.client("lambda").list_functions()["Functions"]
        return {
            item["FunctionName"]: {name: item.get(name) for name in FUNCTION_SETTINGS}
            for item in listed
        }

    def trusted_issuers(self) -> list[str]:
        """The issuers that the deployed authorizer trusts."""
        [authorizer] = [
            function
            for function in self.functions().values()
            if function["Handler"] == "authorizer.handler.handler"
        ]
        issuers = json.loads(authorizer["Environment"]["Variables"]["ISSUERS"])
        return [issuer["issuer"] for issuer in issuers]

    def trusted_clients(self, stage: str) -> set[str]:
        """The ids of the app clients whose tokens a stage's authorizer accepts."""
        [told] = [
            function["Environment"]["Variables"]
            for function in self.functions().values()
            if function["Handler"] == "authorizer.handler.handler"
            and function["Environment"]["Variables"]["STAGE"] == stage
        ]
        return {name for issuer in json.loads(told["ISSUERS"]) for name in issuer["client_ids"]}

    def left(self) -> list[str]:
        """What stages have made that is there still."""
        pools = self.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
        groups = self.client("logs").describe_log_groups()["logGroups"]
        secrets = self.client("secretsmanager").list_secrets()["SecretList"]
        apis = self.client("apigatewayv2").get_apis()["Items"]
        alarms = self.client("cloudwatch").describe_alarms()["MetricAlarms"]
        topics = self.client("sns").list_topics()["Topics"]
        return [
            *self.functions(),
            *(pool["Id"] for pool in pools),
            *(group["logGroupName"] for group in groups),
            *(secret["Name"] for secret in secrets),
            *(api["ApiId"] for api in apis),
            *(alarm["AlarmName"] for alarm in alarms),
            *(topic["TopicArn"] for topic in topics),
        ]

    def mails(self, address: str) -> list[dict[str, Any]]:
        """What was sent to an address, by the emulator's own list, the oldest first."""
        with closing(
            http.client.HTTPConnection("127.0.0.1", self._emulator.port, PATIENCE_SECONDS)
        ) as link:
            link.request("GET", f"/_ministack/ses/messages?account={ACCOUNT}")
            sent = json.loads(link.getresponse().read())["messages"].get(ACCOUNT, [])
        return [mail for mail in sent if address in mail["To"]]

    def get(
        self,
        api_url: str,
        path: str,
        headers: Mapping[str, str] = MappingProxyType({}),
        method: str = "GET",
    ) -> int:
        """Call a deployed API through the emulator's gateway and return the status."""
        host = f"{str(urlsplit(api_url).hostname).split('.')[0]}.execute-api.localhost"
        port = self._emulator.port
        with closing(http.client.HTTPConnection("127.0.0.1", port, PATIENCE_SECONDS)) as link:
            link.request(method, path, headers={**headers, "host": f"{host}:{port}"})
            return link.getresponse().status
