"""What synth says where CDK's own validation stops it: the rule, the construct and the fix."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigatewayv2 as apigwv2

from aws_jwt_authorizer.access.rules import AccessTable
from stacks import assembly
from stacks.command import run
from tests.sample.app import APP
from tests.sample.paths import CDK_JSON


def routes(made: cdk.App) -> dict[str, apigwv2.CfnRoute]:
    found = made.node.find_all()
    return {item.route_key: item for item in found if isinstance(item, apigwv2.CfnRoute)}


def open_two_routes(made: cdk.App) -> None:
    for key in ("GET /orders", "POST /orders"):
        routes(made)[key].add_property_override("AuthorizationType", "NONE")


def cache_by_too_little(made: cdk.App) -> None:
    for item in made.node.find_all():
        if isinstance(item, apigwv2.CfnAuthorizer) and item.authorizer_type == "REQUEST":
            item.authorizer_result_ttl_in_seconds = 60
            item.identity_source = ["$request.header.Authorization"]


def add_six_hundred_resources(made: cdk.App) -> None:
    stack: Any = made.node.find_child("jwt-authorizer-dev-api")
    for number in range(600):
        cdk.CfnResource(stack, f"R{number}", type="AWS::CloudFormation::WaitConditionHandle")


def name_a_stack_twice(made: cdk.App) -> None:
    cdk.Stack(made, "jwt-authorizer-dev-api")


def break_something_else(_made: cdk.App) -> None:
    raise RuntimeError("Error: something else")


def said(folder: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[cdk.App], None]) -> str:
    """What `python -m app` ends with, if the app does this as well."""
    build, new_app = assembly.build, assembly.new_app

    def spoilt(made: cdk.App, access: AccessTable, _environ: object) -> None:
        made.node.set_context("aws:cdk:bundling-stacks", [])
        build(made, access)
        spoil(made)

    monkeypatch.setattr(assembly, "build", spoilt)
    monkeypatch.setattr(assembly, "new_app", lambda _: new_app(CDK_JSON, str(folder)))
    with pytest.raises(SystemExit) as ended:
        run(APP, [])
    text = str(ended.value)
    assert "\n" not in text
    return text


def test_a_broken_guard_rule_is_told_by_name_construct_and_fix(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = said(folder, monkeypatch, open_two_routes)
    api = "jwt-authorizer-dev-api/Api/HttpApi"
    assert text == (
        "ROUTE_HAS_AUTHORIZER: AuthorizationType: anybody may call this route: give it an "
        "authorizer, or acknowledge that it is public "
        f"({api}/GET--orders, {api}/POST--orders)"
    )


def test_a_check_of_our_own_is_told_by_construct_and_fix(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = said(folder, monkeypatch, cache_by_too_little)
    assert text.startswith("jwt-authorizer-dev-api/Api: GET /whoami: its authorizer's cache must ")
    assert "; jwt-authorizer-dev-api/Api: GET /tenants/{tenant}/orders: its " in text


def test_too_many_resources_are_told_by_stack_and_fix(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = said(folder, monkeypatch, add_six_hundred_resources)
    assert re.fullmatch(
        r"stacks/access.py: ROUTES: they make \d{3} resources of stack jwt-authorizer-dev-api, and "
        r"CloudFormation takes 500: let a path parameter such as \{proxy\+\} stand for several",
        text,
    )


def test_what_cdk_refuses_while_stacks_are_made_is_one_line_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = said(folder, monkeypatch, name_a_stack_twice)
    assert text.startswith("CDK makes no templates: ")
    assert "jwt-authorizer-dev-api" in text


def test_an_error_of_another_kind_keeps_its_traceback(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RuntimeError, match="Error: something else"):
        said(folder, monkeypatch, break_something_else)
