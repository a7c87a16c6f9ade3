"""Stages and tables -> what cdk-preflight, cdk-nag and cfn-lint find in their templates.

All of them are one CDK app, each case in a Stage of its own: an engine of rules takes seconds to
start, and a template no more than one. Functions are not bundled, for no tool looks at their code.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks
from cdk_preflight import Preflight
from cfnlint.api import lint

from aws_jwt_authorizer.access.rules import AccessTable
from aws_jwt_authorizer.constructs.guard_rules import add_guard_rules
from stacks import assembly
from tests.sample.access import ACCESS
from tests.sample.paths import CDK_JSON

TOOLS = ("AwsSolutions", "cdk-preflight", "CloudFormation Validate")
"""As a validation report names them; what this app says of itself stands in it too."""

NEEDLESS_DEPENDENCY = "W3005"
"""CDK writes a dependency that a reference implies as well: harmless, and nowhere to be left out."""

AddStacks = Callable[[cdk.Stage], object]


@dataclass(frozen=True, slots=True)
class Examination:
    """What the tools say of an app.

    Attributes:
        findings: A line for each finding that nobody has acknowledged, by the name of its case.
        acknowledged: Rule and reason of those that somebody has, likewise.
    """

    findings: Mapping[str, list[str]]
    acknowledged: Mapping[str, set[tuple[str, str]]]


def of_stage(stage: str, access: AccessTable = ACCESS, **fields: object) -> AddStacks:
    """Make a case of a stage of the file, with these fields instead of its own."""

    def add(scope: cdk.Stage) -> None:
        stages = scope.node.try_get_context("stages")
        scope.node.set_context("stages", {**stages, stage: {**stages[stage], **fields}})
        scope.node.set_context("stage", stage)
        assembly.add_stacks(scope, access)

    return add


def examine(
    folder: Path,
    cases: Mapping[str, AddStacks],
    *,
    cdk_json: Path = CDK_JSON,
    preflight_alone: bool = False,
) -> Examination:
    """Synthesise all cases at once under the tools.

    Args:
        folder: Where CDK writes; it must not hold an earlier synthesis.
        cases: What adds a case's stacks, by a name that may be part of a stack's.
        cdk_json: The file with the stages.
        preflight_alone: Whether the other tools are left out.
    """
    app = assembly.new_app(cdk_json, str(folder))
    app.node.set_context("aws:cdk:bundling-stacks", [])
    for name, add in cases.items():
        add(cdk.Stage(app, name))
    Preflight.apply(app)
    if not preflight_alone:
        add_guard_rules(app)
        cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    try:
        app.synth()
    except RuntimeError as error:
        # The report says what is wrong, and all templates are there.
        if not str(error).startswith("ValidationFailed"):
            raise
    made = Examination({name: [] for name in cases}, {name: set() for name in cases})
    for item, place in _reported(folder, "violations"):
        made.findings[_case(place)].append(f"{item['ruleName']}: {item['description']} ({place})")
    for item, place in _reported(folder, "suppressedViolations"):
        made.acknowledged[_case(place)].add((item["ruleName"], item["reason"]))
    if not preflight_alone:
        for name in cases:
            made.findings[name].extend(_linted(folder / f"assembly-{name}"))
    return made


def _reported(folder: Path, kind: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield each finding of a kind with the path of its construct."""
    report = folder / "validation-report.json"
    if report.is_file():
        for plugin in json.loads(report.read_text(encoding="utf-8"))["pluginReports"]:
            if plugin["pluginName"] in TOOLS:
                for item in plugin.get(kind, ()):
                    for construct in item["violatingConstructs"]:
                        yield item, construct["constructPath"]


def _case(place: str) -> str:
    return place.partition("/")[0]


def _linted(assembly_folder: Path) -> Iterator[str]:
    for template in sorted(assembly_folder.glob("*.template.json")):
        for match in lint(template.read_text(encoding="utf-8")):
            if match.rule.id != NEEDLESS_DEPENDENCY:
                yield f"{match.rule.id}: {match.message} ({template.stem}: {match.path})"
