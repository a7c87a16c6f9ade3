"""examples/cloudfront synthesises, and holds what docs/cloudfront.md says of it."""

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from aws_jwt_authorizer.authorizers import gateway_authorizers
from examples.cloudfront.app import build
from examples.cloudfront.front import ORIGIN_HEADER

CONTEXT = {
    "account": "111122223333",
    "name": "api.orders.internal",
    "target": "d-abc123.execute-api.eu-west-1.amazonaws.com",
    "certificate_arn": "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d",
    "secret": "prod/origin-header",
    "json_key": "first",
}
PAGE = (Path(__file__).parents[2] / "docs" / "cloudfront.md").read_text(encoding="utf-8")


def app(**changes: str) -> cdk.App:
    made = cdk.App(context={**CONTEXT, **changes}, analytics_reporting=False)
    build(made)
    return made


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    stack = app().node.find_child("api-front")
    assert isinstance(stack, cdk.Stack)
    assert stack.region == "us-east-1"
    return dict(Template.from_stack(stack).to_json())


def only(template: dict[str, Any], kind: str) -> Any:
    [found] = [
        item["Properties"] for item in template["Resources"].values() if item["Type"] == kind
    ]
    return found


def test_the_header_s_value_is_named_and_never_written(template: dict[str, Any]) -> None:
    [origin] = only(template, "AWS::CloudFront::Distribution")["DistributionConfig"]["Origins"]
    [header] = origin["OriginCustomHeaders"]
    assert header["HeaderName"] == ORIGIN_HEADER == gateway_authorizers.ORIGIN_HEADER
    reference = "{{resolve:secretsmanager:prod/origin-header:SecretString:first::}}"
    assert header["HeaderValue"] == reference
    assert reference in PAGE
    assert origin["DomainName"] == CONTEXT["target"]
    assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"


def test_callers_keep_the_one_name_and_the_host_goes_on(template: dict[str, Any]) -> None:
    config = only(template, "AWS::CloudFront::Distribution")["DistributionConfig"]
    assert config["Aliases"] == [CONTEXT["name"]]
    behaviour = config["DefaultCacheBehavior"]
    assert behaviour["OriginRequestPolicyId"] == "216adef6-5c7f-47e4-b989-5492eafa07d3"  # AllViewer
    assert behaviour["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # CachingDisabled
    assert behaviour["ViewerProtocolPolicy"] == "https-only"
    assert "DELETE" in behaviour["AllowedMethods"]


def test_a_web_acl_stands_before_it(template: dict[str, Any]) -> None:
    acl = only(template, "AWS::WAFv2::WebACL")
    [acl_id] = [
        name for name, item in template["Resources"].items() if item["Type"] == "AWS::WAFv2::WebACL"
    ]
    config = only(template, "AWS::CloudFront::Distribution")["DistributionConfig"]
    assert config["WebACLId"] == {"Fn::GetAtt": [acl_id, "Arn"]}
    assert (acl["Scope"], len(acl["Rules"])) == ("CLOUDFRONT", 2)


@pytest.mark.parametrize("name", CONTEXT)
def test_a_value_that_is_missing_is_named(name: str) -> None:
    with pytest.raises(SystemExit, match=f"pass -c {name}="):
        app(**{name: ""})


def test_the_page_names_every_value(template: dict[str, Any]) -> None:
    assert all(f"-c {name}=" in PAGE for name in CONTEXT)
    assert set(template["Outputs"]) == {"FrontTarget"}
    assert json.dumps(template).count("execute-api") == 1
