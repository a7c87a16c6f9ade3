"""A check of the user's own travels with the authorizer, and only where a rule names it."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from aws_jwt_authorizer.access.rules import Route, Rule
from tests.sample.access import ACCESS
from tests.synth.synthesis import Synthesis, synthesise

READ = """
from authorizer.policy import RoutePolicy
RoutePolicy.from_file(__import__("pathlib").Path("policy.json"))
"""


def test_a_check_that_a_rule_names_is_in_the_bundle_and_starts_there(folder: Path) -> None:
    route = Route("GET /x", "whoami", "lambda", Rule(check="delegation:in_person"))
    table = replace(ACCESS, routes=(route,))
    made = synthesise(
        folder, "local", access=table, bundled=True, kms_issuer=False, http_backends={}
    )
    bundle = made.bundle("authorizer")
    assert {path.name for path in (bundle / "access_checks").glob("*.py")} == {
        "__init__.py",
        "delegation.py",
    }
    done = subprocess.run(
        [sys.executable, "-E", "-c", READ], cwd=bundle, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""


def test_a_check_that_no_rule_names_costs_nothing(local: Synthesis) -> None:
    assert not (local.bundle("authorizer") / "access_checks").exists()
