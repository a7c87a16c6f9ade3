"""What the authorizer would refuse at its start stops synth, in the words of the table or the stage."""

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aws_jwt_authorizer.access.rules import AccessTable, Issuer, Route, Rule
from aws_jwt_authorizer.access.table_checks import AccessInvalid
from stacks.api import start_check
from stacks.stage.config_fields import ConfigInvalid
from tests.sample.access import ACCESS
from tests.synth.synthesis import synthesise

POOL_OF_TWO_REGIONS = "https://cognito-idp.eu-west-1.amazonaws.com/us-east-1_AbCdEfGhI"
PARTNER = Issuer("partner", "https://login.partner.example", ("orders-api",))


def table(*issuers: Issuer, rule: Rule | None = None) -> AccessTable:
    route = Route("GET /x", "whoami", "lambda", rule or Rule())
    return replace(ACCESS, issuers=(Issuer("cognito"), *issuers), routes=(route,))


def refusal(folder: Path, kind: type[Exception], access: AccessTable, **fields: Any) -> str:
    with pytest.raises(kind) as caught:
        synthesise(folder, access=access, **fields)
    text = str(caught.value)
    assert "\n" not in text
    assert "ISSUERS[" not in text
    return text


def test_an_issuer_of_the_table_is_told_by_its_name_and_field(folder: Path) -> None:
    issuer = replace(PARTNER, url=POOL_OF_TWO_REGIONS)
    text = refusal(folder, AccessInvalid, table(issuer))
    assert text.startswith(f"stacks/access.py: issuer 'partner': url: '{POOL_OF_TWO_REGIONS}'")


def test_an_issuer_of_the_stage_is_told_by_its_path_in_cdk_json(folder: Path) -> None:
    address = {"url": POOL_OF_TWO_REGIONS, "audiences": ["orders-api"]}
    access = table(Issuer("partner", from_stage=True))
    text = refusal(folder, ConfigInvalid, access, issuers={"partner": address})
    assert text.startswith(f"context.stages.dev.issuers.partner.url: '{POOL_OF_TWO_REGIONS}'")


def test_a_rule_that_the_function_cannot_read_is_told(folder: Path) -> None:
    rule = Rule(issuers=("partner",), claims={"level": 10**400})
    text = refusal(folder, AccessInvalid, table(PARTNER, rule=rule))
    assert text.startswith("stacks/access.py: the authorizer would not start: POLICY_FILE: ")


@pytest.mark.parametrize(
    ("check", "told"),
    [
        ("nowhere:check", "cannot be imported (ModuleNotFoundError: No module named 'access_checks.nowhere')"),
        ("delegation:nothing", "cannot be imported (AttributeError: module 'access_checks.delegation' has no attribute 'nothing'); define nothing in lambda_src/access_checks/delegation.py"),
        ("delegation:Mapping", "check 'delegation:Mapping' must be 'module:function'"),
    ],
)  # fmt: skip
def test_a_check_that_is_not_there_is_told(folder: Path, check: str, told: str) -> None:
    text = refusal(folder, AccessInvalid, table(PARTNER, rule=Rule(check=check)))
    assert text.startswith("stacks/access.py: route 'GET /x': ")
    assert told in text


def test_more_issuers_than_lambda_takes_variables_for_are_told(folder: Path) -> None:
    url = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool{:05d}"
    many = [Issuer(f"t{i}", url.format(i), (f"client{i:020d}",)) for i in range(40)]
    text = refusal(folder, AccessInvalid, table(*many))
    assert text.startswith("stacks/access.py: ISSUERS: they make the authorizer's variables ")
    assert text.endswith("name fewer issuers or audiences")


@pytest.mark.parametrize(
    ("stage", "fields"),
    [
        ("dev", {}),
        ("prod", {}),
        ("local", {}),
        ("dev", {"kms_issuer": True}),
        ("dev", {"cognito_issuer": "updated", "accept_both_cognito_issuers": True}),
    ],
)
def test_what_only_a_deployment_knows_stops_nothing(
    folder: Path, stage: str, fields: dict[str, Any]
) -> None:
    synthesise(folder, stage, **fields)


def test_a_synth_asks_the_function_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    run = subprocess.run

    def counted(command: Any, **options: Any) -> Any:
        asked.append(command)
        return run(command, **options)

    monkeypatch.setattr("subprocess.run", counted)
    start_check._refusal_of_function.cache_clear()
    synthesise(folder)
    assert sum("authorizer.check_settings" in command for command in asked) == 1
