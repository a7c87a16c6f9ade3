"""The API under a name of its own: what is deployed for it, and what follows the name."""

from typing import Any

import pytest

from local.template.read import read_local_app
from tests.synth.everything_on import CERTIFICATE, DOMAIN
from tests.synth.synthesis import Synthesis, synthesise, table_of

NAME, ORIGIN = "api.orders.example.com", "https://api.orders.example.com"
WEB_ACL = (
    "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/a/0a1b2c3d-0000-1111-2222-333344445555"
)
PLACE: dict[str, Any] = {"account": "111122223333", "region": "eu-west-1"}
BROWSER = ("GET /app", "GET /session/login", "GET /orders")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    folder = tmp_path_factory.mktemp("domain") / "cdk.out"
    fields: dict[str, Any] = {"domain": DOMAIN, "sign_in_web_acl": WEB_ACL, **PLACE}
    return synthesise(folder, access=table_of(*BROWSER), **fields)


def test_the_name_has_its_certificate_and_no_older_tls_and_asks_clients_for_theirs(
    made: Synthesis,
) -> None:
    assert made.only("AWS::ApiGatewayV2::DomainName") == {
        "DomainName": NAME,
        "DomainNameConfigurations": [
            {
                "CertificateArn": CERTIFICATE,
                "EndpointType": "REGIONAL",
                "SecurityPolicy": "TLS_1_2",
            }
        ],
        "MutualTlsAuthentication": {
            "TruststoreUri": "s3://orders-trust/clients/ca.pem",
            "TruststoreVersion": "3sL4kqtJlcpXroD",
        },
    }


def test_the_whole_api_answers_there_and_nowhere_else(made: Synthesis) -> None:
    mapping = made.only("AWS::ApiGatewayV2::ApiMapping")
    [(api_id, api)] = made.resources("AWS::ApiGatewayV2::Api")
    assert (mapping["ApiId"], mapping["Stage"]) == ({"Ref": api_id}, "$default")
    assert "ApiMappingKey" not in mapping
    assert api["Properties"]["DisableExecuteApiEndpoint"] is True


def test_the_record_is_made_in_the_zone_that_is_named(made: Synthesis) -> None:
    record = made.only("AWS::Route53::RecordSet")
    [(name_id, _)] = made.resources("AWS::ApiGatewayV2::DomainName")
    assert (record["Name"], record["Type"]) == (f"{NAME}.", "A")
    assert record["HostedZoneId"] == "Z0123456789ABCDEFGHIJ"
    assert record["AliasTarget"] == {
        "DNSName": {"Fn::GetAtt": [name_id, "RegionalDomainName"]},
        "HostedZoneId": {"Fn::GetAtt": [name_id, "RegionalHostedZoneId"]},
    }


def test_page_session_cookies_and_outputs_follow_the_name(made: Synthesis) -> None:
    for function in ("page", "session"):
        assert made.function(function)["Environment"]["Variables"]["PUBLIC_URL"] == ORIGIN
    authorizer = made.function("authorizer")["Environment"]["Variables"]
    assert authorizer["COOKIE_ORIGINS"] == f'["{ORIGIN}"]'
    [client] = [
        item["Properties"]
        for name, item in made.resources("AWS::Cognito::UserPoolClient")
        if name.startswith("BrowserApp")
    ]
    urls = [*client["CallbackURLs"], *client["LogoutURLs"]]
    assert urls
    assert all(url.startswith(f"{ORIGIN}/") for url in urls)
    outputs = {name: item["Value"] for name, item in made.api["Outputs"].items()}
    assert (outputs["ApiUrl"], outputs["PageUrl"]) == (f"{ORIGIN}/", f"{ORIGIN}/app")
    [(name_id, _)] = made.resources("AWS::ApiGatewayV2::DomainName")
    assert outputs["ApiDomainTarget"] == {"Fn::GetAtt": [name_id, "RegionalDomainName"]}
    assert "execute-api" not in str([*outputs.values(), client, authorizer])


def test_this_machine_serves_the_name_and_says_what_only_the_deployment_does(
    made: Synthesis,
) -> None:
    app = read_local_app(made.folder)
    assert app.api.origins == (ORIGIN, app.api.endpoint)
    assert app.deployed_only["AWS::ApiGatewayV2::DomainName"] == 1
    assert app.deployed_only["AWS::Route53::RecordSet"] == 1


def test_a_web_acl_that_is_there_is_taken_and_none_is_made(made: Synthesis) -> None:
    assert not made.resources("AWS::WAFv2::WebACL")
    assert made.only("AWS::WAFv2::WebACLAssociation")["WebACLArn"] == WEB_ACL
