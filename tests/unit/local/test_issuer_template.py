"""The issuer's part of a template: a second API, tables, a schedule; and what is refused of them."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.errors import LocalError, TemplateUnsupported
from local.template.local_app import IndexConfig, LocalApp, TableConfig, TableKey
from local.template.read import read_local_app
from local.this_app.synthesis.stage_app import read_this_app
from tests.unit.local.test_template import API, IDENTITY, assembly

Read = Callable[..., LocalApp]
ENDPOINT = {"Fn::GetAtt": ["IssuerApi", "ApiEndpoint"]}


def of_api(api: str, integration: str, **more: Any) -> dict[str, Any]:
    """A route, its integration and the stage of an API."""
    return {
        f"{api}Stage": {
            "Type": "AWS::ApiGatewayV2::Stage",
            "Properties": {"ApiId": {"Ref": api}, "StageName": "$default", "AutoDeploy": True},
        },
        integration: {
            "Type": "AWS::ApiGatewayV2::Integration",
            "Properties": {
                "ApiId": {"Ref": api},
                "IntegrationType": "AWS_PROXY",
                "IntegrationUri": {"Fn::GetAtt": ["Function", "Arn"]},
                "PayloadFormatVersion": "2.0",
            },
        },
        f"{api}Route": {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {
                "ApiId": {"Ref": api},
                "Target": {"Fn::Join": ["/", ["integrations", {"Ref": integration}]]},
                **more,
            },
        },
    }


ISSUER: dict[str, Any] = {
    "IssuerApi": {
        "Type": "AWS::ApiGatewayV2::Api",
        "Properties": {"Name": "Issuer", "ProtocolType": "HTTP"},
    },
    **of_api("IssuerApi", "IssuerIntegration", RouteKey="POST /oauth2/token"),
    "Machines": {
        "Type": "AWS::ApiGatewayV2::Authorizer",
        "Properties": {
            "ApiId": {"Ref": "Api"},
            "AuthorizerType": "JWT",
            "Name": "Machines",
            "IdentitySource": ["$request.header.Authorization"],
            "JwtConfiguration": {"Issuer": ENDPOINT, "Audience": ["orders-api"]},
        },
    },
    "MachineRoute": {
        "Type": "AWS::ApiGatewayV2::Route",
        "Properties": {
            "ApiId": {"Ref": "Api"},
            "RouteKey": "GET /machine",
            "Target": {"Fn::Join": ["/", ["integrations", {"Ref": "Integration"}]]},
            "AuthorizationType": "JWT",
            "AuthorizerId": {"Ref": "Machines"},
        },
    },
    "Table": {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
        },
    },
    "Schedule": {
        "Type": "AWS::Events::Rule",
        "Properties": {
            "ScheduleExpression": "rate(1 hour)",
            "State": "ENABLED",
            "Targets": [{"Id": "Target0", "Arn": {"Fn::GetAtt": ["Function", "Arn"]}}],
        },
    },
    "Ready": {
        "Type": "Custom::IssuerReady",
        "Properties": {"ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]}, "IssuerUrl": ENDPOINT},
    },
}


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read_changed(change: Callable[[dict[str, Any]], None] = lambda _: None) -> LocalApp:
        api = copy.deepcopy({**API, "Resources": {**API["Resources"], **ISSUER}})
        change(api["Resources"])
        return read_this_app(assembly(tmp_path, IDENTITY, api))

    return read_changed


def test_the_api_that_a_jwt_authorizer_trusts_is_the_issuers(read: Read) -> None:
    app = read()
    assert app.issuer
    assert [route.key for route in app.issuer.routes] == ["POST /oauth2/token"]
    assert "GET /machine" in {route.key for route in app.api.routes}
    authorizers = json.dumps([str(route.authorizer) for route in app.api.routes])
    assert app.issuer.endpoint in authorizers


def test_tables_and_schedules_are_read(read: Read) -> None:
    app = read()
    [table] = app.tables
    assert table == TableConfig(
        "Api-Table", TableKey("id"), {"id": "S"}, table.region, table.account_id
    )
    assert app.scheduled == ("Api-Function",)


def test_sort_keys_indexes_and_whatever_is_paid_for_a_table_are_read(read: Read) -> None:
    """CDK's own default table is provisioned, and says nothing of billing."""

    def change(resources: dict[str, Any]) -> None:
        table = resources["Table"]["Properties"]
        del table["BillingMode"]
        table["ProvisionedThroughput"] = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
        keys = [
            {"AttributeName": "id", "KeyType": "HASH"},
            {"AttributeName": "at", "KeyType": "RANGE"},
        ]
        table["KeySchema"] = keys
        table["AttributeDefinitions"].append({"AttributeName": "at", "AttributeType": "N"})
        both = {"IndexName": "i", "KeySchema": keys[:1]}
        some = {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["item"]}
        table["GlobalSecondaryIndexes"] = [{**both, "Projection": some}]
        every = {"ProjectionType": "ALL"}
        table["LocalSecondaryIndexes"] = [{**both, "KeySchema": keys, "Projection": every}]

    [table] = read(change).tables
    assert (table.key, table.attribute_types) == (TableKey("id", "at"), {"id": "S", "at": "N"})
    assert table.indexes == (
        IndexConfig("i", TableKey("id"), "INCLUDE", ("item",)),
        IndexConfig("i", TableKey("id", "at"), "ALL", is_local=True),
    )


def test_a_function_may_know_the_role_of_another(read: Read) -> None:
    def name_the_role(resources: dict[str, Any]) -> None:
        variables = resources["Function"]["Properties"].setdefault("Environment", {})
        variables.setdefault("Variables", {})["ROLE"] = {"Fn::GetAtt": ["Role", "Arn"]}

    [function] = [item for item in read(name_the_role).functions if "ROLE" in item.environment]
    role = r"arn:aws:iam::[0-9]{12}:role/Api-Role"
    assert re.fullmatch(role, function.environment["ROLE"])


def test_an_app_without_an_issuer_has_none(tmp_path: Path) -> None:
    app = read_local_app(assembly(tmp_path, IDENTITY, API))
    assert (app.issuer, app.tables, app.scheduled) == (None, (), ())


def test_a_second_api_that_nobody_trusts_is_refused(read: Read) -> None:
    def trust_nobody(resources: dict[str, Any]) -> None:
        del resources["Machines"], resources["MachineRoute"]

    with pytest.raises(LocalError, match="the app has 2 HTTP APIs"):
        read(trust_nobody)


@pytest.mark.parametrize(
    ("resource", "properties", "named"),
    [
        ("Table", {"StreamSpecification": {}}, "Table, property StreamSpecification"),
        ("Table", {"KeySchema": []}, "Table, property KeySchema: it has no partition key"),
        (
            "Table",
            {"AttributeDefinitions": [{"AttributeName": "other", "AttributeType": "S"}]},
            "AttributeDefinitions has no type of 'id'",
        ),
        ("Table", {"KeySchema": [{"AttributeName": "id", "KeyType": "RANGE"}]}, "KeyType"),
        (
            "Table",
            {"GlobalSecondaryIndexes": [{"IndexName": "i", "KeySchema": []}]},
            "GlobalSecondaryIndexes.*Projection",
        ),
        ("Schedule", {"EventPattern": {"source": ["aws.ec2"]}}, "property EventPattern"),
        ("Schedule", {"State": "DISABLED"}, "Schedule, property State"),
        ("Schedule", {"Targets": [{"Id": "a", "Arn": "arn:aws:sqs:x"}]}, "is not a function of"),
    ],
)
def test_what_is_not_modelled_of_them_is_refused_with_its_place(
    read: Read, resource: str, properties: dict[str, Any], named: str
) -> None:
    with pytest.raises(TemplateUnsupported, match=named):
        read(lambda resources: resources[resource]["Properties"].update(properties))


@pytest.mark.parametrize("kind", ["Custom::Other", "AWS::Events::Connection"])
def test_another_custom_resource_is_refused(read: Read, kind: str) -> None:
    with pytest.raises(TemplateUnsupported, match=f"the type {kind} is not modelled"):
        read(lambda resources: resources.update({"Odd": {"Type": kind, "Properties": {}}}))
