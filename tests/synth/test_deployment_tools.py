"""What fails at deployment, or would not pass a review, is found in the gate by kept tools."""

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigwv2
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk.aws_apigatewayv2_integrations import HttpUrlIntegration

from aws_jwt_authorizer import Issuer, JwtAuthorizer, RestJwtAuthorizer, Rule, bearer_responses
from benchmarks.cost.standing import standing, templates_of
from stacks.pipeline.deploy_roles import DeployRolesStack
from tests.sample.paths import CDK_JSON
from tests.synth.deployment_tools import Examination, examine, of_stage
from tests.synth.everything_on import ACCESS_TO_EVERYTHING, STAGE, VARIANTS
from tests.synth.left_off import left_off

CASES = {
    "dev": of_stage("dev"),
    "prod": of_stage("prod"),
    # It is never deployed, but its templates are served here as if it were.
    "local": of_stage("local"),
    "everything": of_stage(STAGE, ACCESS_TO_EVERYTHING, **VARIANTS["page by pool"]),
    "page-by-secret": of_stage(STAGE, ACCESS_TO_EVERYTHING, **VARIANTS["page by partner's secret"]),
}
FAULTY = "faulty"
ROLES = "roles"
LIBRARY = "library"


def add_one_fault_for_each_tool(scope: cdk.Stage) -> None:
    stack = cdk.Stack(scope, "faults")
    group = logs.LogGroup(stack, "Logs")
    logs.MetricFilter(
        stack,
        "Filter",
        log_group=group,
        metric_namespace="n",
        metric_name="m",
        filter_pattern=logs.FilterPattern.literal("[time, level=ERROR, msg"),
    )
    s3.Bucket(stack, "Bucket")
    group_resource: Any = group.node.default_child
    group_resource.add_property_override("Retention", 14)


def add_roles_of_github(scope: cdk.Stage) -> None:
    environments = ("dev", "prod")
    DeployRolesStack(
        scope, "roles", repository="a/b", environments=environments, makes_provider=True
    )


def add_what_the_library_makes(scope: cdk.Stage) -> None:
    """An app with a REST API and an HTTP API of its own, and our authorizer before each."""
    stack = cdk.Stack(scope, "pets")
    login = Issuer("login", "https://login.example", audiences=("pets",))
    routes = {"GET /pets": Rule()}
    of_http = JwtAuthorizer(stack, "Ours", issuers=[login], routes=routes)
    apigwv2.HttpApi(stack, "Http").add_routes(
        path="/pets",
        methods=[apigwv2.HttpMethod.GET],
        integration=HttpUrlIntegration("Pets", "https://pets.example"),
        authorizer=of_http,
    )
    of_rest = RestJwtAuthorizer(stack, "OursToo", issuers=[login], routes=routes)
    api = apigateway.RestApi(stack, "Rest")
    pets = api.root.add_resource("pets")
    pets.add_method("GET", apigateway.MockIntegration(), authorizer=of_rest.for_route("GET /pets"))
    bearer_responses(stack, "OursAsWell", api, allowed_origin="https://app.example")


@pytest.fixture(scope="module")
def app_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("examined") / "cdk.out"


@pytest.fixture(scope="module")
def examined(app_folder: Path) -> Examination:
    further = {
        FAULTY: add_one_fault_for_each_tool,
        ROLES: add_roles_of_github,
        LIBRARY: add_what_the_library_makes,
    }
    cases = {**CASES, **further}
    return examine(app_folder, cases)


@pytest.mark.parametrize("case", [*CASES, ROLES])
def test_the_tools_find_nothing_in_a_stage(case: str, examined: Examination) -> None:
    assert examined.findings[case] == []


def test_the_tools_find_nothing_in_what_the_library_makes(examined: Examination) -> None:
    found = examined.findings[LIBRARY]
    assert found, "an app's own API without an access log is found"
    assert [line for line in found if "Ours" in line] == []


@pytest.mark.parametrize("rule", ["pf-logs-filter-pattern-bracket", "AwsSolutions-S1", "E3002"])
def test_each_tool_finds_the_fault_that_is_its_own(rule: str, examined: Examination) -> None:
    assert any(line.startswith(f"{rule}: ") for line in examined.findings[FAULTY])


@pytest.mark.parametrize("case", CASES)
def test_whatever_is_acknowledged_has_a_reason_of_a_sentence(
    case: str, examined: Examination
) -> None:
    assert {"ROUTE_HAS_AUTHORIZER", "AwsSolutions-APIG4"} <= _rules(examined, case)
    for rule, reason in examined.acknowledged[case]:
        assert len(reason.split()) >= 5, rule


@pytest.mark.usefixtures("examined")
@pytest.mark.parametrize("case", CASES)
def test_every_resource_of_a_stage_has_a_price_or_is_free(case: str, app_folder: Path) -> None:
    assert standing(templates_of(app_folder / f"assembly-{case}"))


def _rules(examined: Examination, case: str) -> set[str]:
    return {rule for rule, _ in examined.acknowledged[case]}


def test_the_stage_with_everything_on_leaves_nothing_off() -> None:
    """A new field of a stage fails here until `everything_on.py` turns it on."""
    own = json.loads(CDK_JSON.read_text(encoding="utf-8"))["context"]["stages"][STAGE]
    stages = [{**own, **fields} for fields in VARIANTS.values()]
    assert left_off(stages) == []
    lesser = [{**stage, "kms_issuer": False, "replica_regions": []} for stage in stages]
    assert left_off(lesser) == ["replica_regions", "kms_issuer"]
    lesser = [{**stage, "http_backends": {}} for stage in stages]
    assert left_off(lesser) == [f"http_backends.*, kind {number}" for number in (1, 2, 3)]
