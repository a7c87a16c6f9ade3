"""A stage with names of its own in an emulated account: `make rehearse`."""

from pathlib import Path
from typing import Any

import pytest

from tests.deployment.account import EmulatedAccount
from tests.deployment.assemblies import synthesise
from tests.ministack import ACCOUNT, REGION

API = "jwt-authorizer-dev-api"
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
