"""A stage's life in an emulated account, in its order: `make rehearse`.

Each step stands on those before it.
"""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from aws_jwt_authorizer.access.rules import Route
from tests.deployment.account import EmulatedAccount
from tests.deployment.assemblies import changed, synthesise
from tests.deployment.faults import with_a_fault
from tests.deployment.lacking import ALARM, LACKING_TYPES, OF_EXPRESSION
from tests.ministack import ACCOUNT, REGION
from tests.sample.access import ACCESS, MAY_WRITE

NOT_FOUND, UNAUTHORIZED, OK = 404, 401, 200
API, IDENTITY = "jwt-authorizer-dev-api", "jwt-authorizer-dev-identity"
NO_DIFFERENCE = "Number of stacks with differences: 0"


def test_what_is_left_out_is_what_the_emulator_lacks(account: EmulatedAccount) -> None:
    probe = {f"Probe{number}": {"Type": name} for number, name in enumerate(sorted(LACKING_TYPES))}
    with pytest.raises(ClientError) as refused:
        account.create_stack("probe", probe)
    listed = re.search(r"Unrecognized resource types: \[(.*)\]", str(refused.value))
    assert listed, refused.value
    assert set(listed[1].split(", ")) == LACKING_TYPES


def test_the_emulator_lacks_alarms_on_expressions(account: EmulatedAccount) -> None:
    metric = {"Metric": {"MetricName": "failed", "Namespace": "JwtAuthorizer"}, "Period": 60}
    alarm = {
        "ComparisonOperator": "GreaterThanThreshold",
        "EvaluationPeriods": 1,
        "Threshold": 1,
        OF_EXPRESSION: [{"Id": "failed", "MetricStat": {**metric, "Stat": "Sum"}}],
    }
    account.create_stack("probe", {"Alarm": {"Type": ALARM, "Properties": alarm}})
    assert account.settled("probe") == "ROLLBACK_COMPLETE"
    assert any("metric math" in reason for reason in account.reasons("probe"))
    account.client("cloudformation").delete_stack(StackName="probe")


def test_bootstrap_names_account_and_region(account: EmulatedAccount) -> None:
    done = account.run("bootstrap")
    assert done.status == 0, done.output
    assert f"account {ACCOUNT}, region {REGION}" in done.output
    assert f"Environment aws://{ACCOUNT}/{REGION} bootstrapped" in done.output


def test_dev_is_deployed_without_a_terminal(account: EmulatedAccount, dev: Path) -> None:
    done = account.run("deploy", "--assembly", dev)
    assert done.status == 0, done.output


def test_outputs_are_what_cloudformation_has(account: EmulatedAccount) -> None:
    done = account.run("outputs")
    assert done.status == 0, done.output
    kept = json.loads(done.output)
    assert {API, IDENTITY} <= kept.keys()
    for name, outputs in kept.items():
        items = account.stack(name)["Outputs"]
        assert outputs == {item["OutputKey"]: item["OutputValue"] for item in items}


def test_deployed_functions_answer(account: EmulatedAccount) -> None:
    api = account.output("ApiUrl")
    assert account.get(api, "/health") == OK
    assert account.get(api, "/orders") == UNAUTHORIZED
    assert account.get(api, "/nowhere") == NOT_FOUND


def test_after_a_deployment_there_is_no_difference(account: EmulatedAccount, dev: Path) -> None:
    done = account.run("diff", "--assembly", dev)
    assert (done.status, NO_DIFFERENCE in done.output) == (0, True), done.output


@pytest.fixture(scope="module")
def changed_table(
    account: EmulatedAccount, dev: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Orders can be changed, too."""
    route = Route("PATCH /orders/{id}", "orders", authorizer="lambda", rule=MAY_WRITE)
    return synthesise(
        tmp_path_factory.mktemp("changed") / "cdk.out",
        "dev",
        account.cdk_json,
        access=replace(ACCESS, routes=(*ACCESS.routes, route)),
        bundles_of=dev,
    )


def test_a_changed_table_is_seen_and_deployed_again(
    account: EmulatedAccount, changed_table: Path
) -> None:
    api = account.output("ApiUrl")
    assert account.get(api, "/orders/1", method="PATCH") == NOT_FOUND
    seen = account.run("diff", "--assembly", changed_table)
    assert "PATCH--orders--{id}" in seen.output, seen.output
    done = account.run("deploy", "--assembly", changed_table)
    assert done.status == 0, done.output
    assert account.output("ApiUrl") == api
    assert account.get(api, "/orders/1", method="PATCH") == UNAUTHORIZED
    left = account.run("diff", "--assembly", changed_table)
    assert NO_DIFFERENCE in left.output, left.output


def test_a_failed_update_is_rolled_back(
    account: EmulatedAccount, changed_table: Path, tmp_path: Path
) -> None:
    before = account.run("outputs").output
    functions = account.functions()
    assembly = changed(tmp_path / "cdk.out", changed_table, API, with_a_fault)
    done = account.run("deploy", "--assembly", assembly)
    assert done.status == 1, done.output
    assert account.stack(API)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert account.functions() == functions
    assert account.run("outputs").output == before
    assert account.get(account.output("ApiUrl"), "/orders/1", method="PATCH") == UNAUTHORIZED


def test_after_a_rollback_the_mended_app_is_deployed(
    account: EmulatedAccount, changed_table: Path
) -> None:
    done = account.run("deploy", "--assembly", changed_table)
    assert done.status == 0, done.output
    left = account.run("diff", "--assembly", changed_table)
    assert NO_DIFFERENCE in left.output, left.output


def test_a_removed_identity_stack_takes_no_api_with_it_unseen(
    account: EmulatedAccount, dev: Path
) -> None:
    """It cannot be deleted under the API that stands on it."""
    done = account.cdk("destroy", IDENTITY, "--exclusively", "--force", "--app", dev)
    assert done.status != 0, done.output
    assert account.get(account.output("ApiUrl"), "/health") == OK


def test_at_a_terminal_a_wrong_word_deletes_nothing(account: EmulatedAccount, dev: Path) -> None:
    done = account.type("prod\n", "destroy", "--assembly", dev)
    assert done.status == 1, done.output
    assert "Type dev to delete its stacks" in done.output
    assert "nothing was deleted" in done.output
    assert account.stack(API)["StackStatus"].endswith("_COMPLETE")


def test_dev_is_destroyed_with_everything_that_it_made(account: EmulatedAccount, dev: Path) -> None:
    done = account.run("destroy", "--assembly", dev, "--yes")
    assert done.status == 0, done.output
    assert account.run("outputs").status == 1
    assert account.left() == []


def test_a_stage_that_is_made_again_trusts_its_new_pool(
    account: EmulatedAccount, dev: Path
) -> None:
    done = account.run("deploy", "--assembly", dev)
    assert done.status == 0, done.output
    trusted = account.trusted_issuers()
    assert trusted == [account.output("Issuer")]


SWITCH: tuple[dict[str, Any], ...] = (
    {"accept_both_cognito_issuers": True},
    {"accept_both_cognito_issuers": True, "cognito_issuer": "updated"},
    {"accept_both_cognito_issuers": False, "cognito_issuer": "updated"},
)


def test_a_switch_of_the_cognito_issuer_refuses_no_token_on_its_way(
    account: EmulatedAccount, dev: Path, tmp_path: Path
) -> None:
    """Before each step the API trusts both what the pool writes and what it wrote before."""
    original = account.output("Issuer")
    updated = original.replace("//cognito-idp.", "//issuer-cognito-idp.")
    trusted = [account.trusted_issuers()]
    issuers = [original]
    for number, fields in enumerate(SWITCH):
        folder = tmp_path / f"step{number}"
        step = synthesise(folder, "dev", account.cdk_json, bundles_of=dev, **fields)
        done = account.run("deploy", "--assembly", step)
        assert done.status == 0, done.output
        trusted.append(account.trusted_issuers())
        issuers.append(account.output("Issuer"))
    assert issuers == [original, original, updated, updated]
    assert [set(one) for one in trusted] == [
        {original},
        {original, updated},
        {original, updated},
        {updated},
    ]
