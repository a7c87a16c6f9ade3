"""A stage with names of its own in an emulated account: `make rehearse`."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.deployment.account import EmulatedAccount
from tests.deployment.assemblies import change_template, synthesise
from tests.ministack import ACCOUNT, REGION
from tests.sample.access import ACCESS

API = "jwt-authorizer-dev-api"
ISSUER = "jwt-authorizer-dev-issuer"
READY = "Ready"
ZONE_NAME = "orders.internal"


def certificate(region: str = REGION) -> str:
    return f"arn:aws:acm:{region}:{ACCOUNT}:certificate/0a1b2c3d-0000-1111-2222-333344445555"


@pytest.fixture(scope="module")
def zone(account: EmulatedAccount) -> dict[str, str]:
    """A zone of Route 53, as a stage names it."""
    made = account.client("route53").create_hosted_zone(Name=ZONE_NAME, CallerReference="once")
    return {"id": made["HostedZone"]["Id"].rpartition("/")[2], "name": ZONE_NAME}


def deployed(account: EmulatedAccount, folder: Path, dev: Path, **fields: Any) -> None:
    step = synthesise(folder, "dev", account.cdk_json, bundles_of=dev, **fields)
    done = account.run("deploy", "--assembly", step)
    assert done.status == 0, done.output


def without_proof(template: dict[str, Any]) -> dict[str, Any]:
    """The issuer's template without its custom resource, which would call AWS and the issuer."""
    resources = {
        name: {
            key: [each for each in value if each != READY] if key == "DependsOn" else value
            for key, value in item.items()
        }
        for name, item in template["Resources"].items()
        if name != READY
    }
    return {**template, "Resources": resources}


def records(account: EmulatedAccount, zone: dict[str, str]) -> dict[str, Any]:
    """The records of the zone that somebody has made in it."""
    listed = account.client("route53").list_resource_record_sets(HostedZoneId=zone["id"])
    return {item["Name"]: item for item in listed["ResourceRecordSets"] if item["Type"] == "A"}


def test_the_api_gets_its_name_and_answers_at_execute_api_no_longer(
    account: EmulatedAccount, dev: Path, zone: dict[str, str], tmp_path: Path
) -> None:
    bootstrapped = account.run("bootstrap")
    assert bootstrapped.status == 0, bootstrapped.output
    name = f"api.{ZONE_NAME}"
    domain = {"name": name, "certificate_arn": certificate(), "hosted_zone": zone}
    deployed(account, tmp_path / "cdk.out", dev, domain=domain)
    gateway = account.client("apigatewayv2")
    [api] = gateway.get_apis()["Items"]
    assert api["DisableExecuteApiEndpoint"] is True
    [mapping] = gateway.get_api_mappings(DomainName=name)["Items"]
    assert (mapping["ApiId"], mapping["Stage"]) == (api["ApiId"], "$default")
    assert account.output("ApiUrl") == f"https://{name}/"
    target = gateway.get_domain_name(DomainName=name)["DomainNameConfigurations"][0]
    assert account.output("ApiDomainTarget") == target["ApiGatewayDomainName"]
    alias = records(account, zone)[f"{name}."]["AliasTarget"]
    assert alias["DNSName"].rstrip(".") == target["ApiGatewayDomainName"]


MACHINES_BY_LAMBDA = replace(
    ACCESS,
    routes=tuple(
        replace(route, authorizer="lambda", accepts_revoked="")
        if route.key == "GET /machine/me"
        else route
        for route in ACCESS.routes
    ),
)
"""While the issuer moves, the built-in authorizer would take one of its addresses alone."""


def test_the_issuer_moves_to_its_name_and_is_trusted_by_both_on_its_way(
    account: EmulatedAccount, dev: Path, zone: dict[str, str], tmp_path: Path
) -> None:
    """Each step goes through CloudFormation, with the address that the API's stack imports."""
    name = f"issuer.{ZONE_NAME}"
    domain = {"name": name, "certificate_arn": certificate(), "hosted_zone": zone}
    steps: list[dict[str, Any]] = [
        {},
        {**domain, "switch": "accept_both"},
        {**domain, "switch": "sign_with_name"},
        domain,
    ]
    seen = []
    for number, issuer_domain in enumerate(steps):
        step = synthesise(
            tmp_path / f"step{number}",
            "dev",
            account.cdk_json,
            access=MACHINES_BY_LAMBDA,
            bundles_of=dev,
            kms_issuer=True,
            issuer_domain=issuer_domain,
        )
        change_template(step, ISSUER, without_proof)
        done = account.run("deploy", "--assembly", step)
        assert done.status == 0, done.output
        seen.append((account.output("IssuerUrl"), account.trusted_issuers()[1:]))
    old, new = seen[0][0], f"https://{name}"
    assert old != new
    assert seen == [(old, [old]), (old, [old, new]), (new, [new, old]), (new, [new])]
    assert f"{name}." in records(account, zone)


def test_sign_in_gets_its_name_and_a_web_acl(
    account: EmulatedAccount, dev: Path, zone: dict[str, str], tmp_path: Path
) -> None:
    """The emulator makes the web ACL and lacks its association with the pool."""
    name = f"login.{ZONE_NAME}"
    domain = {"name": name, "certificate_arn": certificate("us-east-1"), "hosted_zone": zone}
    fields = {"sign_in_domain": domain, "sign_in_web_acl": "own"}
    deployed(account, tmp_path / "cdk.out", dev, **fields)
    assert account.output("SignInUrl") == f"https://{name}"
    described = account.client("cognito-idp").describe_user_pool_domain(Domain=name)
    assert described["DomainDescription"]["UserPoolId"] == account.output("UserPoolId")
    assert account.output("SignInDomainTarget")
    assert f"{name}." in records(account, zone)
    [acl] = account.client("wafv2").list_web_acls(Scope="REGIONAL")["WebACLs"]
    assert "Firewall" in acl["Name"]


def test_a_stage_with_every_name_is_served_on_this_machine_and_answers_as_declared(
    account: EmulatedAccount, zone: dict[str, str]
) -> None:
    """The demo: page, session, both authorizers, the pool and the issuer, under their names."""
    names = {
        field: {
            "name": f"{label}.{ZONE_NAME}",
            "certificate_arn": certificate("us-east-1" if label == "login" else REGION),
            "hosted_zone": zone,
        }
        for field, label in (
            ("domain", "api"),
            ("issuer_domain", "issuer"),
            ("sign_in_domain", "login"),
        )
    }
    account.stages(local={**names, "sign_in_web_acl": "own"})
    done = account.call(sys.executable, "-m", "local", "demo", "--app", "tests.deployment.app")
    assert done.status == 0, done.output
    assert "answers are as declared" in done.output
