"""Stage and overrides -> the templates that the app makes of them, as plain dictionaries."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from aws_jwt_authorizer.access.rules import AccessTable, Route
from stacks import assembly
from stacks.stage.app_name import app_name
from tests.sample.access import ACCESS
from tests.sample.paths import CDK_JSON

STACKS = ("identity", "api")


@dataclass(frozen=True, slots=True)
class Synthesis:
    """The templates of one stage, and the folder that CDK has written."""

    identity: dict[str, Any]
    api: dict[str, Any]
    folder: Path

    def template(self, stack: str) -> dict[str, Any]:
        """The template of a stack, by the last word of its name."""
        [path] = self.folder.glob(f"*-{stack}.template.json")
        template: dict[str, Any] = json.loads(path.read_text())
        return template

    def only(self, resource_type: str) -> dict[str, Any]:
        """The properties of the one resource of this type."""
        [(_, resource)] = self.resources(resource_type)
        properties: dict[str, Any] = resource["Properties"]
        return properties

    def resources(self, resource_type: str) -> list[tuple[str, dict[str, Any]]]:
        """Logical id and resource, of both stacks, in the order of the templates."""
        return [(name, item) for name, item in self.all() if item["Type"] == resource_type]

    def all(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for template in (self.identity, self.api):
            yield from template["Resources"].items()

    def bundle(self, function: str) -> Path:
        """What Lambda is given as the code of a function, in a stage that is bundled."""
        asset = self.function(function)["Code"]["S3Key"].removesuffix(".zip")
        return self.folder / f"asset.{asset}"

    def client(self, name: str) -> dict[str, Any]:
        """The properties of an app client, by the word in its logical id."""
        [properties] = [
            item["Properties"]
            for logical_id, item in self.resources("AWS::Cognito::UserPoolClient")
            if logical_id.startswith(f"Clients{name}")
        ]
        assert isinstance(properties, dict)
        return properties

    def named_client(self, name: str) -> dict[str, Any]:
        """The properties of an app client, by its name in the access table."""
        clients = [item["Properties"] for _, item in self.resources("AWS::Cognito::UserPoolClient")]
        [properties] = [item for item in clients if item.get("ClientName") == name]
        assert isinstance(properties, dict)
        return properties

    def route(self, key: str) -> dict[str, Any]:
        """The properties of a route."""
        routes = [item["Properties"] for _, item in self.resources("AWS::ApiGatewayV2::Route")]
        [properties] = [item for item in routes if item["RouteKey"] == key]
        assert isinstance(properties, dict)
        return properties

    def authorizer_of(self, key: str) -> dict[str, Any]:
        """The properties of a route's authorizer."""
        return self.referred(self.route(key)["AuthorizerId"])

    def integration_of(self, key: str) -> dict[str, Any]:
        """The properties of a route's integration."""
        return self.referred(self.route(key)["Target"]["Fn::Join"][1][1])

    def referred(self, reference: Any) -> dict[str, Any]:
        """The properties of the API stack's resource that a `Ref` names."""
        properties: dict[str, Any] = self.api["Resources"][reference["Ref"]]["Properties"]
        return properties

    def imported(self, reference: Any) -> Any:
        """What another stack of the stage exports, by the reference to it."""
        templates = (json.loads(path.read_text()) for path in self.folder.glob("*.template.json"))
        outputs = [item for made in templates for item in made.get("Outputs", {}).values()]
        exported = {item["Export"]["Name"]: item["Value"] for item in outputs if "Export" in item}
        return exported[reference["Fn::ImportValue"]]

    def function(self, name: str) -> dict[str, Any]:
        """The properties of the function that serves this folder of `lambda_src`."""
        every = [item["Properties"] for _, item in self.resources("AWS::Lambda::Function")]
        [properties] = [item for item in every if item["Handler"] == f"{name}.handler.handler"]
        assert isinstance(properties, dict)
        return properties


def table_of(*routes: str | Route) -> AccessTable:
    """The sample table with some of its routes alone, by their keys, and with others."""
    by_key = {route.key: route for route in ACCESS.routes}
    chosen = (by_key[route] if isinstance(route, str) else route for route in routes)
    return replace(ACCESS, routes=tuple(chosen))


def synthesise(
    folder: Path,
    stage: str = "dev",
    *,
    access: AccessTable = ACCESS,
    cdk_json: Path = CDK_JSON,
    bundled: bool = False,
    environ: Mapping[str, str] = MappingProxyType({}),
    **fields: object,
) -> Synthesis:
    """Synthesise in this process, with the context of a cdk.json, into `folder`.

    Args:
        folder: Where CDK writes; it must not hold an earlier synthesis.
        stage: The stage of cdk.json.
        access: The access table.
        cdk_json: The file with the stages.
        bundled: Whether functions are really bundled; without it their code is their source.
        environ: The environment's variables that may say where the stage is deployed.
        fields: Fields of the stage that differ from cdk.json's.
    """
    made = assembly.new_app(cdk_json, str(folder))
    stages = made.node.try_get_context("stages")
    made.node.set_context("stages", {**stages, stage: {**stages[stage], **fields}})
    made.node.set_context("stage", stage)
    if not bundled:
        made.node.set_context("aws:cdk:bundling-stacks", [])
    assembly.build(made, access, environ)
    made.synth()
    prefix = app_name({"app_name": made.node.try_get_context("app_name")})
    paths = (folder / f"{prefix}-{stage}-{name}.template.json" for name in STACKS)
    # A stage with a pool that is there already makes none.
    identity, api = (
        json.loads(path.read_text()) if path.exists() else {"Resources": {}} for path in paths
    )
    return Synthesis(identity, api, folder)
