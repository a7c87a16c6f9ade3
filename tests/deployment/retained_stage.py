"""A retained stage's life in an emulated account, by the commands of docs/operate.md."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.deployment.account import EmulatedAccount
from tests.deployment.assemblies import changed, synthesise
from tests.deployment.faults import with_a_fault
from tests.deployment.operate_page import commands_by_heading
from tests.ministack import ACCOUNT, REGION

API, IDENTITY = "jwt-authorizer-prod-api", "jwt-authorizer-prod-identity"
OWN: dict[str, Any] = {
    "account": ACCOUNT,
    "region": REGION,
    "clients": {
        "web": {
            "callback_urls": ["https://shop.internal/callback"],
            "logout_urls": ["https://shop.internal/"],
        },
        "cli": {"callback_urls": ["http://127.0.0.1:8976/callback"]},
    },
    "allowed_origins": ["https://shop.internal"],
    "email_sender": {
        "address": "no-reply@shop.internal",
        "name": "The shop",
        "region": "eu-west-1",
        "verified_domain": "shop.internal",
    },
    "feature_plan": "plus",
    "threat_protection": "enforced",
}
FAILED_MAIL = "/aws/vendedlogs/cognito/jwt-authorizer-prod-"
PERSON, SECOND = "ada@example.com", "grace@example.com"


@pytest.fixture(scope="module")
def prod(account: EmulatedAccount, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stage with addresses of its own, and with an account and a region."""
    account.stages(prod=OWN)
    return synthesise(tmp_path_factory.mktemp("prod") / "cdk.out", "prod", account.cdk_json)


@pytest.fixture(scope="module")
def ran() -> Iterator[set[str]]:
    """The sections of the page that were run; in the end these must be all."""
    sections: set[str] = set()
    yield sections
    assert sections == commands_by_heading().keys()


def follow(account: EmulatedAccount, ran: set[str], heading: str, assembly: Path) -> str:
    """Run the commands of a section of the page and return what they print."""
    ran.add(heading)
    done = account.shell(commands_by_heading()[heading], ASSEMBLY=str(assembly))
    assert done.status == 0, done.output
    return done.output


def test_prod_is_refused_as_it_is_shipped(account: EmulatedAccount) -> None:
    account.stages()
    done = account.run("deploy", "--stage", "prod")
    assert done.status == 1
    assert "placeholder URLs" in done.output
    assert "CDK_DEPLOY_ACCOUNT" in done.output


def test_a_failed_first_deployment_leaves_nothing_of_the_stack_that_failed(
    account: EmulatedAccount, prod: Path, tmp_path: Path
) -> None:
    assembly = changed(tmp_path / "cdk.out", prod, API, with_a_fault)
    done = account.run("deploy", "--stage", "prod", "--assembly", assembly)
    assert done.status == 1, done.output
    assert account.stack(API)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert account.stack(IDENTITY)["StackStatus"] == "CREATE_COMPLETE"
    assert [name for name in account.left() if API in name] == []
    assert account.run("outputs", "--stage", "prod").status == 1


def test_the_page_leads_to_a_first_deployment(
    account: EmulatedAccount, ran: set[str], prod: Path
) -> None:
    before = account.stack(IDENTITY)
    printed = follow(account, ran, "First deployment", prod)
    assert f"account {ACCOUNT}, region {REGION}" in printed
    assert account.stack(API)["StackStatus"] == "CREATE_COMPLETE"
    assert account.stack(IDENTITY)["StackId"] == before["StackId"]
    assert account.get(account.output("ApiUrl", "prod"), "/health") == 200


@pytest.mark.usefixtures("prod")
def test_the_pool_and_the_routes_are_made_as_the_stage_says(account: EmulatedAccount) -> None:
    cognito = account.client("cognito-idp")
    pool = cognito.describe_user_pool(UserPoolId=account.output("UserPoolId", "prod"))["UserPool"]
    sender = pool["EmailConfiguration"]
    assert sender["From"] == "The shop <no-reply@shop.internal>"
    assert sender["SourceArn"] == f"arn:aws:ses:eu-west-1:{ACCOUNT}:identity/shop.internal"
    assert pool["UserPoolTier"] == "PLUS"
    assert pool["UserPoolAddOns"]["AdvancedSecurityMode"] == "ENFORCED"
    [group] = account.client("logs").describe_log_groups(logGroupNamePrefix=FAILED_MAIL)[
        "logGroups"
    ]
    assert group["retentionInDays"] == 365
    api_id = account.output("ApiUrl", "prod").removeprefix("https://").partition(".")[0]
    stage = account.client("apigatewayv2").get_stage(ApiId=api_id, StageName="$default")
    # The emulator gives no limit back, only that the route has settings of its own.
    assert "POST /orders/{id}/refund" in stage["RouteSettings"]


def test_the_page_leads_to_a_first_administrator(
    account: EmulatedAccount, ran: set[str], prod: Path
) -> None:
    printed = follow(account, ran, "First person and administrator", prod)
    assert f"account {ACCOUNT}, region {REGION}; asked for by" in printed
    assert "a temporary password, good for 7 days" in printed
    assert (person(account)["Enabled"], groups(account, PERSON)) == (True, ["admins"])
    [mail] = account.mails(PERSON)
    assert "no-reply@shop.internal" in mail["Source"]
    sent = re.search(r"password is (\S+)", mail["BodyText"])
    assert sent
    assert sent[1] not in printed


def test_the_page_of_the_first_administrator_can_be_followed_twice(
    account: EmulatedAccount, ran: set[str], prod: Path
) -> None:
    made = person(account)
    printed = follow(account, ran, "The first one", prod)
    assert "has not signed in" in printed
    assert f"{PERSON} is in 'admins' already" in printed
    assert person(account)["UserLastModifiedDate"] == made["UserLastModifiedDate"]


def test_a_second_administrator_is_invited_invited_again_and_loses_the_rights(
    account: EmulatedAccount, ran: set[str], prod: Path
) -> None:
    follow(account, ran, "Another one", prod)
    assert sorted(groups(account, SECOND)) == ["admins", "support"]
    printed = follow(account, ran, "An invitation that has expired", prod)
    assert f"Cognito sends {SECOND} a temporary password" in printed
    assert len(account.mails(SECOND)) == 2
    follow(account, ran, "Taking the rights away", prod)
    assert groups(account, SECOND) == ["support"]


def groups(account: EmulatedAccount, name: str) -> list[str]:
    """The groups that somebody of the pool is in."""
    pool = account.output("UserPoolId", "prod")
    cognito = account.client("cognito-idp")
    listed = cognito.admin_list_groups_for_user(UserPoolId=pool, Username=name)
    return [item["GroupName"] for item in listed["Groups"]]


def test_the_page_leads_to_a_person_who_is_cut_off(
    account: EmulatedAccount, ran: set[str], prod: Path
) -> None:
    follow(account, ran, "Cutting a person off", prod)
    assert not person(account)["Enabled"]


def person(account: EmulatedAccount) -> Any:
    """What the pool says of the page's person."""
    pool = account.output("UserPoolId", "prod")
    return account.client("cognito-idp").admin_get_user(UserPoolId=pool, Username=PERSON)


def test_the_page_leads_to_a_change(account: EmulatedAccount, ran: set[str], prod: Path) -> None:
    assert "Number of stacks with differences: 0" in follow(account, ran, "A change", prod)


def test_prod_refuses_to_be_destroyed(account: EmulatedAccount, prod: Path) -> None:
    ours = account.run("destroy", "--stage", "prod", "--assembly", prod, "--yes")
    assert (ours.status, "retain is true" in ours.output) == (1, True)
    cdk = account.cdk("destroy", IDENTITY, API, "--force", "--app", prod)
    assert cdk.status != 0, cdk.output
    assert account.stack(IDENTITY)["StackStatus"] == "CREATE_COMPLETE"
    assert person(account)["Username"]


def test_the_page_leads_to_a_client_that_is_gone_the_api_first(
    account: EmulatedAccount, ran: set[str], prod: Path, tmp_path: Path
) -> None:
    less = synthesise(
        tmp_path / "cdk.out",
        "prod",
        account.cdk_json,
        bundles_of=prod,
        clients={"web": OWN["clients"]["web"]},
    )
    # Its identity stack was refused, but the API that it was destroyed with is gone.
    again = account.run("deploy", "--stage", "prod", "--assembly", prod)
    assert again.status == 0, again.output
    cli = account.output("CliClientId", "prod")
    assert cli in account.trusted_clients("prod")
    done = account.run("deploy", "--stage", "prod", "--assembly", less, "--only", "api")
    assert done.status == 0, done.output
    assert cli not in account.trusted_clients("prod")
    assert "cli" in client_names(account)
    assert account.output("CliClientId", "prod") == cli
    follow(account, ran, "Taking a client out", less)
    assert "cli" not in client_names(account)
    assert account.run("outputs", "CliClientId", "--stage", "prod").status == 1
    assert account.output("WebClientId", "prod") in account.trusted_clients("prod")


def client_names(account: EmulatedAccount) -> set[str]:
    """The names of the pool's app clients."""
    api, pool = account.client("cognito-idp"), account.output("UserPoolId", "prod")
    listed = api.list_user_pool_clients(UserPoolId=pool, MaxResults=60)["UserPoolClients"]
    return {client["ClientName"] for client in listed}


def test_the_page_leads_to_a_removed_stage(
    account: EmulatedAccount, ran: set[str], dev: Path
) -> None:
    follow(account, ran, "Removal", dev)
    assert account.run("outputs", "--stage", "dev").status == 1


def test_a_retained_stage_is_removed_once_it_is_no_longer_retained(
    account: EmulatedAccount, prod: Path, tmp_path: Path
) -> None:
    account.stages(prod={**OWN, "retain": False})
    released = synthesise(tmp_path / "cdk.out", "prod", account.cdk_json, bundles_of=prod)
    for command in ("deploy", "destroy"):
        done = account.run(command, "--stage", "prod", "--assembly", released, "--yes")
        assert done.status == 0, done.output
    assert account.left() == []
