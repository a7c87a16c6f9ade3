"""Cloud assembly folder -> its stacks and asset folders, unresolved.

Only what CDK wrote into the manifest counts; nothing is found by file name.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from local.errors import LocalError, TemplateUnsupported
from local.json_value import JsonObject, JsonValue

LOCAL_ACCOUNT_ID = "123456789012"
"""The account of an environment-agnostic stack; also moto's own."""

_METADATA = "AWS::CDK::Metadata"
"""What CDK's command line adds to a template on a condition: it is there for statistics alone."""

LOCAL_REGION = "us-east-1"
"""The region of an environment-agnostic stack."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of a template, its properties not yet resolved.

    `condition` is that on which it is made, "" for none.
    """

    stack_name: str
    logical_id: str
    type: str
    properties: Mapping[str, JsonValue]
    condition: str = ""

    @property
    def place(self) -> str:
        """How errors name the resource: `ApiStack.ThingsRoute`."""
        return f"{self.stack_name}.{self.logical_id}"


@dataclass(frozen=True, slots=True)
class Output:
    """One output of a stack, not yet resolved; `export_name` is None if it is not exported."""

    value: JsonValue
    export_name: JsonValue


@dataclass(frozen=True, slots=True)
class Stack:
    """One stack: where it would be deployed, its resources and outputs."""

    name: str
    account_id: str
    region: str
    resources: Mapping[str, Resource]
    outputs: Mapping[str, Output]


@dataclass(frozen=True, slots=True)
class Assembly:
    """All stacks of a cloud assembly, and the folder of each file asset by its S3 key.

    `warnings` are what constructs warn of, each once.
    """

    stacks: Mapping[str, Stack]
    asset_folders: Mapping[str, Path]
    warnings: tuple[str, ...] = ()

    def resources(self, resource_type: str) -> list[Resource]:
        """Return all resources of one CloudFormation type, in template order."""
        return [
            resource
            for stack in self.stacks.values()
            for resource in stack.resources.values()
            if resource.type == resource_type
        ]


def read_assembly(folder: Path) -> Assembly:
    """Read a cloud assembly.

    Args:
        folder: What synth wrote, with `manifest.json` in it.

    Raises:
        TemplateUnsupported: The assembly holds nested assemblies (CDK Stages) or macros.
        LocalError: A file of it is missing or is not JSON.
    """
    stacks: dict[str, Stack] = {}
    asset_folders: dict[str, Path] = {}
    warnings: dict[str, None] = {}
    for artifact_id, artifact in _object(_load(folder / "manifest.json"), "artifacts").items():
        if not isinstance(artifact, dict):
            continue
        kind, properties = artifact.get("type"), _object(artifact, "properties")
        if kind == "cdk:cloud-assembly":
            raise TemplateUnsupported(artifact_id, "", "nested assemblies are not modelled")
        if kind == "cdk:asset-manifest":
            asset_folders |= _asset_folders(folder, str(properties["file"]))
        if kind == "aws:cloudformation:stack":
            stack = _stack(folder, artifact_id, artifact, properties)
            stacks[stack.name] = stack
            warnings |= dict.fromkeys(_warnings(folder, artifact))
    return Assembly(stacks=stacks, asset_folders=asset_folders, warnings=tuple(warnings))


def _stack(folder: Path, artifact_id: str, artifact: JsonObject, properties: JsonObject) -> Stack:
    name = str(properties.get("stackName", artifact_id))
    template = _load(folder / str(properties["templateFile"]))
    if "Transform" in template:
        raise TemplateUnsupported(name, "Transform", "macros are not modelled; synthesise without")
    account_id, region = str(artifact["environment"]).removeprefix("aws://").split("/")
    return Stack(
        name=name,
        account_id=LOCAL_ACCOUNT_ID if account_id == "unknown-account" else account_id,
        region=LOCAL_REGION if region == "unknown-region" else region,
        resources={
            logical_id: _resource(name, logical_id, body)
            for logical_id, body in _object(template, "Resources").items()
            if not (isinstance(body, dict) and body.get("Type") == _METADATA)
        },
        outputs={
            output_name: Output(body.get("Value"), _object(body, "Export").get("Name"))
            for output_name, body in _object(template, "Outputs").items()
            if isinstance(body, dict)
        },
    )


def _warnings(folder: Path, artifact: JsonObject) -> Iterator[str]:
    """Yield what is warned of in a stack, without the id by which a warning is acknowledged."""
    file = artifact.get("additionalMetadataFile")
    metadata = _load(folder / str(file)) if file else _object(artifact, "metadata")
    for entries in metadata.values():
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and entry.get("type") == "aws:cdk:warning":
                yield str(entry.get("data")).partition(" [ack: ")[0]


def _resource(stack_name: str, logical_id: str, body: JsonValue) -> Resource:
    if not isinstance(body, dict) or logical_id.startswith("Fn::"):
        raise TemplateUnsupported(f"{stack_name}.{logical_id}", "", "loops are not modelled")
    return Resource(
        stack_name,
        logical_id,
        str(body.get("Type")),
        _object(body, "Properties"),
        str(body.get("Condition", "")),
    )


def _asset_folders(folder: Path, manifest_name: str) -> dict[str, Path]:
    folders: dict[str, Path] = {}
    for asset in _object(_load(folder / manifest_name), "files").values():
        if not isinstance(asset, dict):
            continue
        path = (folder / str(_object(asset, "source").get("path"))).resolve()
        for destination in _object(asset, "destinations").values():
            if isinstance(destination, dict):
                folders[str(destination["objectKey"])] = path
    return folders


def _load(path: Path) -> JsonObject:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _spoilt(path, str(error)) from error
    if not isinstance(document, dict):
        raise _spoilt(path, "it is not a JSON object")
    return document


def _spoilt(path: Path, problem: str) -> LocalError:
    return LocalError(
        f"{path} is not what synth wrote ({problem}); remove {path.parent} and start again"
    )


def _object(parent: JsonObject, name: str) -> JsonObject:
    value = parent.get(name, {})
    return value if isinstance(value, dict) else {}
