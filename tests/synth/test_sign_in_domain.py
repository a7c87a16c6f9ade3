"""Sign-in under a name of its own, behind a web ACL: what is deployed, and what follows."""

import pytest

from local.template.read import read_local_app
from stacks.identity.sign_in_firewall import REQUESTS_IN_FIVE_MINUTES
from tests.synth.everything_on import SIGN_IN_DOMAIN
from tests.synth.synthesis import Synthesis, synthesise, table_of

NAME = "login.orders.example.com"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    return synthesise(
        tmp_path_factory.mktemp("sign-in") / "cdk.out",
        access=table_of("GET /health"),
        sign_in_domain=SIGN_IN_DOMAIN,
        sign_in_web_acl="own",
    )


def test_the_pool_has_one_domain_and_it_is_the_name(made: Synthesis) -> None:
    """Its discovery document, from which page and session read where people sign in, has one."""
    domain = made.only("AWS::Cognito::UserPoolDomain")
    assert domain["Domain"] == NAME
    certificate = SIGN_IN_DOMAIN["certificate_arn"]
    assert domain["CustomDomainConfig"] == {"CertificateArn": certificate}
    assert domain["ManagedLoginVersion"] == 2


def test_outputs_and_the_record_follow_the_name(made: Synthesis) -> None:
    [(domain_id, _)] = made.resources("AWS::Cognito::UserPoolDomain")
    target = {"Fn::GetAtt": [domain_id, "CloudFrontDistribution"]}
    outputs = made.identity["Outputs"]
    assert outputs["SignInUrl"]["Value"] == {"Fn::Join": ["", ["https://", {"Ref": domain_id}]]}
    assert outputs["SignInDomainTarget"]["Value"] == target
    record = made.only("AWS::Route53::RecordSet")
    assert (record["Name"], record["AliasTarget"]["DNSName"]) == (f"{NAME}.", target)


def test_synth_says_what_dns_must_have_first(made: Synthesis) -> None:
    file = made.folder / "jwt-authorizer-dev-identity.metadata.json"
    manifest = (made.folder / "manifest.json").read_text()
    said = file.read_text() if file.exists() else manifest
    assert f"Cognito takes {NAME} only if orders.example.com has an A record in DNS" in said


def test_the_web_acl_limits_each_address_but_for_the_token_endpoint(made: Synthesis) -> None:
    acl = made.only("AWS::WAFv2::WebACL")
    assert (acl["Scope"], acl["DefaultAction"]) == ("REGIONAL", {"Allow": {}})
    [rate, common] = acl["Rules"]
    limit = rate["Statement"]["RateBasedStatement"]
    assert (limit["AggregateKeyType"], limit["Limit"]) == ("IP", REQUESTS_IN_FIVE_MINUTES)
    exempt = limit["ScopeDownStatement"]["NotStatement"]["Statement"]["ByteMatchStatement"]
    assert (exempt["SearchString"], exempt["PositionalConstraint"]) == ("/oauth2/token", "EXACTLY")
    assert rate["Action"] == {"Block": {}}
    group = common["Statement"]["ManagedRuleGroupStatement"]
    assert (group["VendorName"], group["Name"]) == ("AWS", "AWSManagedRulesCommonRuleSet")
    # A redirect_uri is a URL in the query; a native client's has an address in it.
    assert group["RuleActionOverrides"] == [
        {"ActionToUse": {"Count": {}}, "Name": "GenericRFI_QUERYARGUMENTS"}
    ]
    for visible in (acl, rate, common):
        assert visible["VisibilityConfig"]["SampledRequestsEnabled"] is False


def test_the_web_acl_stands_before_the_pool(made: Synthesis) -> None:
    [(pool_id, _)] = made.resources("AWS::Cognito::UserPool")
    [(acl_id, _)] = made.resources("AWS::WAFv2::WebACL")
    assert made.only("AWS::WAFv2::WebACLAssociation") == {
        "ResourceArn": {"Fn::GetAtt": [pool_id, "Arn"]},
        "WebACLArn": {"Fn::GetAtt": [acl_id, "Arn"]},
    }


def test_this_machine_signs_people_in_and_says_what_only_the_deployment_has(
    made: Synthesis,
) -> None:
    app = read_local_app(made.folder)
    assert app.pools
    alone = ("WAFv2::WebACL", "WAFv2::WebACLAssociation", "Route53::RecordSet")
    assert all(app.deployed_only[f"AWS::{kind}"] == 1 for kind in alone)
