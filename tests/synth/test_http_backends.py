"""HTTP backends: where they are, and that a client can never say who calls."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aws_jwt_authorizer.access.rules import HttpBackend, Route, Rule
from tests.sample.access import ACCESS
from tests.synth.synthesis import Synthesis, synthesise

INVENTORY = HttpBackend("inventory")
ROUTES = (
    Route("GET /inventory", INVENTORY, "public"),
    Route("GET /inventory/{item}", INVENTORY, "lambda", Rule()),
    Route("POST /inventory/{path+}", INVENTORY, "jwt", Rule()),
)
TABLE = replace(ACCESS, issuers=ACCESS.issuers[:1], routes=ROUTES)
LISTENER = (
    "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/inventory/50dc6c495c0c9188/f2"
)
SERVICE = "arn:aws:servicediscovery:eu-west-1:111122223333:service/srv-abcdefghij"
LINK = {
    "subnet_ids": ["subnet-0a1b2c3d", "subnet-0e4f5a6b"],
    "security_group_ids": ["sg-0123456789abcdef0"],
}


def served(folder: Path, access: Any = TABLE, **address: Any) -> Synthesis:
    return synthesise(folder, access=access, http_backends={"inventory": address})


@pytest.fixture(scope="module")
def by_url(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    return served(tmp_path_factory.mktemp("by-url"), url="https://inventory.example.com/v1")


@pytest.mark.parametrize(
    ("key", "uri"),
    [
        ("GET /inventory", "https://inventory.example.com/v1/inventory"),
        ("GET /inventory/{item}", "https://inventory.example.com/v1/inventory/{item}"),
        ("POST /inventory/{path+}", "https://inventory.example.com/v1/inventory/{path}"),
    ],
)
def test_a_server_is_asked_by_the_method_and_the_path_of_the_call(
    by_url: Synthesis, key: str, uri: str
) -> None:
    integration = by_url.integration_of(key)
    assert integration["IntegrationType"] == "HTTP_PROXY"
    assert integration["IntegrationMethod"] == "ANY"
    assert integration["IntegrationUri"] == uri
    assert integration["PayloadFormatVersion"] == "1.0"
    assert "ConnectionType" not in integration


@pytest.mark.parametrize(
    ("key", "parameters"),
    [
        (
            "GET /inventory/{item}",
            {
                "overwrite:header.x-user-sub": "sub=${context.authorizer.sub}",
                "overwrite:header.x-user-issuer": "issuer=${context.authorizer.issuer}",
            },
        ),
        (
            "POST /inventory/{path+}",
            {
                "overwrite:header.x-user-sub": "sub=${context.authorizer.claims.sub}",
                "overwrite:header.x-user-issuer": "issuer=${context.authorizer.claims.iss}",
            },
        ),
        (
            "GET /inventory",
            {"remove:header.x-user-sub": "", "remove:header.x-user-issuer": ""},
        ),
    ],
)
def test_a_header_that_says_who_calls_is_never_the_clients_own(
    by_url: Synthesis, key: str, parameters: dict[str, str]
) -> None:
    found = by_url.integration_of(key)["RequestParameters"]
    assert found == {"remove:header.cookie": "", **parameters}


def test_a_server_may_be_told_more_of_what_the_lambda_authorizer_knows(folder: Path) -> None:
    backend = HttpBackend("inventory", {"x-user-sub": "sub", "x-user-groups": "groups"})
    table = replace(TABLE, routes=(Route("GET /x", backend, "lambda", Rule()),))
    made = served(folder, table, url="https://inventory.example.com")
    assert made.integration_of("GET /x")["RequestParameters"] == {
        "remove:header.cookie": "",
        "overwrite:header.x-user-sub": "sub=${context.authorizer.sub}",
        "overwrite:header.x-user-groups": "groups=${context.authorizer.groups}",
    }


def test_a_server_behind_a_load_balancer_is_reached_through_a_vpc_link(folder: Path) -> None:
    made = served(folder, alb_listener_arn=LISTENER, server_name="inventory.example.com", **LINK)
    [(link, resource)] = made.resources("AWS::ApiGatewayV2::VpcLink")
    assert resource["Properties"]["SubnetIds"] == ["subnet-0a1b2c3d", "subnet-0e4f5a6b"]
    assert resource["Properties"]["SecurityGroupIds"] == ["sg-0123456789abcdef0"]
    for route in ROUTES:
        integration = made.integration_of(route.key)
        assert integration["IntegrationType"] == "HTTP_PROXY"
        assert integration["IntegrationMethod"] == "ANY"
        assert integration["ConnectionType"] == "VPC_LINK"
        assert integration["ConnectionId"] == {"Ref": link}
        assert integration["IntegrationUri"] == LISTENER
        assert integration["TlsConfig"] == {"ServerNameToVerify": "inventory.example.com"}
        assert integration["RequestParameters"]["remove:header.cookie"] == ""
        assert len(integration["RequestParameters"]) == 3


def test_instances_are_found_by_service_discovery_through_a_vpc_link(folder: Path) -> None:
    made = served(folder, service_arn=SERVICE, **LINK)
    integration = made.integration_of("GET /inventory/{item}")
    assert integration["ConnectionType"] == "VPC_LINK"
    assert integration["IntegrationUri"] == SERVICE
    assert "TlsConfig" not in integration


def test_a_stage_that_does_not_say_where_the_server_is_has_nothing_of_it(dev: Synthesis) -> None:
    assert not dev.resources("AWS::ApiGatewayV2::VpcLink")
    kinds = {
        item["Properties"]["IntegrationType"]
        for _, item in dev.resources("AWS::ApiGatewayV2::Integration")
    }
    assert kinds == {"AWS_PROXY"}
