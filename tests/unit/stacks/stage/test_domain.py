"""Names of one's own: what a stage may say of them, and what it is told where it may not."""

from typing import Any

import pytest

from stacks.stage.config import stage_config
from stacks.stage.config_fields import ConfigInvalid
from stacks.stage.contradictions import check_contradictions
from stacks.stage.deploy.placeholders import placeholder_urls
from stacks.stage.parts.domain import Domain, HostedZone, Truststore
from tests.sample.paths import STAGES

HERE = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-0000-1111-2222-333344445555"
THERE = HERE.replace("eu-west-1", "us-east-1")
ZONE = {"id": "Z0123456789ABC", "name": "orders.internal"}
TRUSTSTORE = {"bucket": "trust", "key": "clients/ca.pem", "version": "3sL4kqtJ"}
NAME = "api.orders.internal"
DOMAIN = {"name": NAME, "certificate_arn": HERE}


def check(region: str | None, **fields: Any) -> None:
    check_contradictions(stage_config("dev", {"dev": {**STAGES["dev"], **fields}}), region)


def refusal(region: str | None = None, **fields: Any) -> str:
    with pytest.raises(ConfigInvalid) as refused:
        check(region, **fields)
    return str(refused.value).removeprefix("context.stages.dev.")


def test_a_name_may_come_with_its_zone_and_with_whose_clients_may_connect() -> None:
    given = {**DOMAIN, "hosted_zone": ZONE, "mutual_tls": TRUSTSTORE}
    config = stage_config("dev", {"dev": {**STAGES["dev"], "domain": given}})
    check_contradictions(config, "eu-west-1")
    assert config.domain == Domain(
        NAME,
        HERE,
        HostedZone("Z0123456789ABC", "orders.internal"),
        Truststore("trust", "clients/ca.pem", "3sL4kqtJ"),
    )


@pytest.mark.parametrize(
    "name",
    [
        f"https://{NAME}",
        f"{NAME}:443",
        f"{NAME}/v1",
        f"{NAME}.",
        "*.orders.internal",
        "API.orders.internal",
        "internal",
        "10.0.0.1",
        "-a.internal",
        f"{'a' * 64}.internal",
        f"{'a.' * 126}in",
    ],
)
def test_a_name_that_is_not_a_host_s_is_refused(name: str) -> None:
    told = refusal(domain={**DOMAIN, "name": name})
    assert told.startswith(f"domain.name is {name!r}: it must be a host name in lower case such as")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"certificate_arn": "x"}, "domain.certificate_arn is 'x': it must be the ARN of a cert"),
        (
            {"certificate_arn": HERE.replace("acm", "iam")},
            "domain.certificate_arn is 'arn:aws:iam:",
        ),
        ({"hosted_zone": {**ZONE, "id": "zone"}}, "domain.hosted_zone.id is 'zone': it must be"),
        ({"hosted_zone": {"id": "Z1"}}, "domain.hosted_zone.name is missing: it must be a host"),
        ({"mutual_tls": {**TRUSTSTORE, "bucket": "s3://trust"}}, "domain.mutual_tls.bucket is 's3"),
        ({"mutual_tls": {**TRUSTSTORE, "key": "/ca.pem"}}, "domain.mutual_tls.key is '/ca.pem'"),
        ({"mutual_tls": {"bucket": "trust", "key": "k"}}, "domain.mutual_tls.version is missing"),
        ({"port": 1}, "domain.port is unknown: the fields are name, certificate_arn, hosted_zone"),
    ],
)
def test_what_a_name_comes_with_is_refused_by_its_field(
    changes: dict[str, object], told: str
) -> None:
    assert refusal(domain={**DOMAIN, **changes}).startswith(told)


def test_a_certificate_serves_in_the_region_and_the_account_of_the_stage_alone() -> None:
    assert refusal(region="eu-west-1", domain={**DOMAIN, "certificate_arn": THERE}) == (
        "domain.certificate_arn is in us-east-1, and the stage is deployed to eu-west-1: both must "
        "be in one region"
    )
    assert refusal(domain=DOMAIN, account="222233334444") == (
        "domain.certificate_arn is of account 111122223333, and the stage is deployed to "
        "222233334444: a certificate serves in its own account alone"
    )


@pytest.mark.parametrize("zone", ["internal.orders", "rders.internal", "v1.api.orders.internal"])
def test_a_zone_that_does_not_hold_the_name_is_refused(zone: str) -> None:
    told = refusal(domain={**DOMAIN, "hosted_zone": {**ZONE, "name": zone}})
    assert told == (
        f"domain.hosted_zone.name is {zone}, and {NAME} is not below it: name the zone that holds "
        "the name"
    )


def test_an_example_s_name_is_a_placeholder() -> None:
    domain = {**DOMAIN, "name": "api.example.com"}
    config = stage_config("dev", {"dev": {**STAGES["dev"], "domain": domain}})
    assert "domain (api.example.com)" in str(placeholder_urls(config))
