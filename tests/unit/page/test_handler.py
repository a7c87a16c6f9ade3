import subprocess
import sys
from pathlib import Path

from tests.unit.page.conftest import PUBLIC_URL
from tests.unit.page.discovery_server import ISSUER, Discovery

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import page.handler as function
event = {"rawPath": "/app", "headers": {}, "requestContext": {"http": {"method": "GET"}}}
print(function.handler(event, None)["statusCode"])
"""


def run(environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={"PYTHONPATH": str(ROOT / "lambda_src"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_lambda_starts_the_page_out_of_its_bundle(bundle: Path, discovery: Discovery) -> None:
    done = run(
        {
            "AWS_LAMBDA_FUNCTION_NAME": "page",
            "LAMBDA_TASK_ROOT": str(bundle),
            "ISSUER": ISSUER,
            "DISCOVERY_URI": discovery.uri,
            "CLIENT_ID": "web",
            "SCOPES": "openid",
            "PUBLIC_URL": PUBLIC_URL,
        }
    )
    assert done.stdout.splitlines()[-1] == "200", done.stderr


def test_a_wrong_setting_stops_the_function_before_its_first_visitor() -> None:
    done = run({"AWS_LAMBDA_FUNCTION_NAME": "page"})
    assert done.returncode != 0
    assert "SettingsInvalid: PUBLIC_URL: missing" in done.stderr
