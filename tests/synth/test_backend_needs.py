"""From a function's `needs.py` to what is deployed for it, and to what is served here."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aws_jwt_authorizer.access.rules import Route
from aws_jwt_authorizer.bundling.bundle import Bundle
from aws_jwt_authorizer.bundling.target import host_target
from aws_jwt_authorizer.needs.declared_needs import NeedsInvalid
from local.template.local_app import IndexConfig, TableKey
from local.this_app.synthesis.stage_app import read_this_app
from tests.synth.synthesis import Synthesis, synthesise, table_of

REPORTS = Route("GET /reports", "reports", "public")


@pytest.fixture(scope="module")
def prod(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    folder = tmp_path_factory.mktemp("needs") / "cdk.out"
    table = table_of("GET /health", "GET /me", REPORTS)
    return synthesise(folder, "prod", access=table, route_throttles={})


def statements(made: Synthesis, function: dict[str, Any]) -> list[dict[str, Any]]:
    """What the role of a function may do."""
    role = function["Role"]["Fn::GetAtt"][0]
    [policy] = [
        item["Properties"]
        for _, item in made.resources("AWS::IAM::Policy")
        if item["Properties"]["Roles"] == [{"Ref": role}]
    ]
    found: list[dict[str, Any]] = policy["PolicyDocument"]["Statement"]
    return found


def the_table(made: Synthesis) -> tuple[str, dict[str, Any]]:
    [(name, table)] = [
        (name, item) for name, item in made.resources("AWS::DynamoDB::Table") if "Lines" in name
    ]
    return name, table


def test_memory_time_and_variables_are_the_functions(prod: Synthesis) -> None:
    reports, me = prod.function("reports"), prod.function("me")
    assert (reports["MemorySize"], reports["Timeout"]) == (1024, 29)
    assert (me["MemorySize"], me["Timeout"]) == (256, 10)
    variables = reports["Environment"]["Variables"]
    assert variables["CURRENCY"] == "EUR"
    assert variables["ORDER_LINES_TABLE"] == {"Ref": the_table(prod)[0]}
    [(secret, _)] = [
        each for each in prod.resources("AWS::SecretsManager::Secret") if "Data" in each[0]
    ]
    assert variables["PAYMENTS_SECRET"] == {"Ref": secret}
    assert "ORDER_LINES_TABLE" not in me["Environment"]["Variables"]


def test_a_table_has_its_keys_and_indexes_and_is_kept_where_the_stage_keeps(
    prod: Synthesis,
) -> None:
    _, table = the_table(prod)
    properties = table["Properties"]
    assert table["DeletionPolicy"] == "Retain"
    assert properties["DeletionProtectionEnabled"] is True
    assert properties["TimeToLiveSpecification"] == {"AttributeName": "forget_at", "Enabled": True}
    kinds = {each["IndexName"]: each["Projection"] for each in properties["GlobalSecondaryIndexes"]}
    assert kinds == {
        "by_item": {"ProjectionType": "ALL"},
        "by_day": {"ProjectionType": "KEYS_ONLY"},
        "by_shop": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["item", "price"]},
    }


def test_a_function_may_do_what_it_says_and_nothing_else(prod: Synthesis) -> None:
    name, _ = the_table(prod)
    arn = {"Fn::GetAtt": [name, "Arn"]}
    said = {
        (tuple([each["Action"]] if isinstance(each["Action"], str) else each["Action"])): each["Resource"]
        for each in statements(prod, prod.function("reports"))
    }  # fmt: skip
    assert said[("dynamodb:GetItem", "dynamodb:Query")] == arn
    indexes = said[("dynamodb:Query",)]
    assert {each["Fn::Join"][1][1] for each in indexes} == {
        *("/index/by_item", "/index/by_day", "/index/by_shop")
    }
    assert said[("sqs:SendMessage",)] == "arn:aws:sqs:eu-west-1:111122223333:reports"
    [everywhere] = [key for key, resource in said.items() if resource == "*"]
    assert "ses:SendEmail" in everywhere
    assert {action for action in everywhere if not action.startswith("ec2:")} == {"ses:SendEmail"}
    assert ("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue") in said
    assert not [key for key in said if any(action.endswith("*") for action in key)]
    assert len(statements(prod, prod.function("me"))) == 1  # its log group


def test_a_function_stands_in_its_vpc_and_may_before_it_is_made(prod: Synthesis) -> None:
    [(_, function)] = [
        (name, item)
        for name, item in prod.resources("AWS::Lambda::Function")
        if item["Properties"]["Handler"] == "reports.handler.handler"
    ]
    assert function["Properties"]["VpcConfig"] == {
        "SubnetIds": ["subnet-0a1b2c3d", "subnet-0e4f5a6b"],
        "SecurityGroupIds": ["sg-0123456789abcdef0"],
    }
    assert [name for name in function["DependsOn"] if "Policy" in name]
    assert "VpcConfig" not in prod.function("me")
    assert function["Properties"]["Layers"] == [
        "arn:aws:lambda:eu-west-1:111122223333:layer:fonts:7"
    ]


def test_what_is_declared_is_played_here_and_a_layer_is_warned_of(prod: Synthesis) -> None:
    app = read_this_app(prod.folder)
    [table] = [each for each in app.tables if each.key.partition == "order"]
    assert table.key == TableKey("order", "line")
    assert table.attribute_types["line"] == "N"
    assert IndexConfig("by_day", TableKey("day"), "KEYS_ONLY") in table.indexes
    [function] = [each for each in app.functions if each.label == "reports"]
    assert function.environment["ORDER_LINES_TABLE"] == table.name
    assert function.environment["PAYMENTS_SECRET"] in {each.arn for each in app.secrets}
    [warning] = [text for text in app.warnings if "layers" in text]
    assert warning.startswith("function reports runs without its layers")


def test_needs_are_in_no_bundle_and_change_none(tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "handler.py").write_text("handler = print\n")
    bundle = Bundle("f", host_target(), {}, tmp_path)
    before = bundle.digest()
    (tmp_path / "f" / "needs.py").write_text("import aws_jwt_authorizer.needs.needs\n")
    assert bundle.digest() == before
    (tmp_path / "out").mkdir()
    bundle.build(tmp_path / "out")
    assert not (tmp_path / "out" / "f" / "needs.py").exists()


def test_a_stage_that_the_file_with_the_stages_does_not_have_stops_synth(
    folder: Path, tmp_path: Path
) -> None:
    backends = tmp_path / "lambda_src"
    (backends / "odd").mkdir(parents=True)
    (backends / "odd" / "handler.py").write_text("handler = print\n")
    (backends / "odd" / "needs.py").write_text(
        "from aws_jwt_authorizer.needs.needs import Needs\nNEEDS = Needs()\nSTAGES = {'x': NEEDS}\n"
    )
    table = replace(table_of(Route("GET /odd", "odd", "public")), backends=backends)
    with pytest.raises(NeedsInvalid, match="STAGES has 'x', which is not a stage, use dev, local"):
        synthesise(folder, access=table)
