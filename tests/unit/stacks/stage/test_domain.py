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
IN_CLOUDFRONT = {"name": "login.orders.internal", "certificate_arn": THERE}
WEB_ACL = (
    "arn:aws:wafv2:us-east-1:111122223333:regional/webacl/a/0a1b2c3d-0000-1111-2222-333344445555"
)


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


def test_sign_in_takes_its_certificate_from_where_cloudfront_does() -> None:
    check("eu-west-1", domain=DOMAIN, sign_in_domain=IN_CLOUDFRONT)
    told = refusal(sign_in_domain={**IN_CLOUDFRONT, "certificate_arn": HERE})
    assert told.startswith(f"sign_in_domain.certificate_arn is {HERE!r}: it must be the ARN of a")
    assert "us-east-1, where CloudFront" in told


def test_people_sign_in_at_one_address() -> None:
    assert refusal(sign_in_domain=IN_CLOUDFRONT, domain_prefix="orders").startswith(
        "domain_prefix is orders, and sign_in_domain is given: people sign in at one of them"
    )


def test_each_name_answers_one_thing() -> None:
    told = refusal(domain={**DOMAIN, "name": IN_CLOUDFRONT["name"]}, sign_in_domain=IN_CLOUDFRONT)
    assert told == (
        "domain.name is login.orders.internal, and so is sign_in_domain.name: each answers "
        "something else, so give each a name of its own"
    )
    issuer: dict[str, Any] = {"kms_issuer": True, "issuer_domain": DOMAIN}
    assert "and so is issuer_domain.name" in refusal(domain=DOMAIN, **issuer)


def test_a_web_acl_is_one_of_the_stage_s_region() -> None:
    assert refusal("eu-west-1", sign_in_web_acl=WEB_ACL).startswith(
        "sign_in_web_acl is in us-east-1, and the stage is deployed to eu-west-1"
    )
    told = refusal(sign_in_web_acl=WEB_ACL.replace("regional", "global"))
    assert "the ARN of a web ACL of the scope REGIONAL" in told
