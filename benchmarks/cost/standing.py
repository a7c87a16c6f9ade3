"""Templates of a stage -> what each of its parts costs a month while nobody calls it."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.cost.prices import MONTH_SECONDS, PRICES

Resource = Mapping[str, Any]

ROUTE_METRICS: Final = 6
"""What API Gateway writes of each route ("Monitor CloudWatch metrics for HTTP APIs")."""

FREE: Final = frozenset(
    f"AWS::{name}"
    for name in (
        *("ApiGatewayV2::Api", "ApiGatewayV2::ApiMapping", "ApiGatewayV2::Authorizer"),
        *("ApiGatewayV2::DomainName", "ApiGatewayV2::Integration", "ApiGatewayV2::Route"),
        *("ApiGatewayV2::VpcLink", "ApplicationAutoScaling::ScalableTarget"),
        *("ApplicationAutoScaling::ScalingPolicy", "CloudFormation::CustomResource"),
        *("CodeDeploy::Application", "CodeDeploy::DeploymentConfig"),
        *("CodeDeploy::DeploymentGroup", "Cognito::LogDeliveryConfiguration"),
        *("Cognito::ManagedLoginBranding", "Cognito::UserPool", "Cognito::UserPoolDomain"),
        *("Cognito::UserPoolGroup", "Cognito::UserPoolIdentityProvider"),
        *("Cognito::UserPoolResourceServer", "Cognito::UserPoolRiskConfigurationAttachment"),
        *("DynamoDB::Table", "Events::Rule"),
        *("IAM::ManagedPolicy", "IAM::Policy", "IAM::Role", "Lambda::EventInvokeConfig"),
        *("Lambda::Permission", "Lambda::Version", "Logs::LogGroup", "Logs::MetricFilter"),
        *("Logs::QueryDefinition", "Logs::ResourcePolicy", "Route53::RecordSet"),
        *("SecretsManager::ResourcePolicy", "SecretsManager::RotationSchedule"),
        *("SNS::Subscription", "SNS::Topic"),
        *("SNS::TopicPolicy", "SQS::Queue", "SQS::QueuePolicy", "SSM::Parameter"),
        "WAFv2::WebACLAssociation",
    )
)
"""Types that cost nothing while nobody calls: those by use, and those without a price."""


@dataclass(frozen=True, slots=True)
class Charge:
    """A part of a stage that costs something while it stands.

    Attributes:
        part: What it is, in the plural.
        each: Dollars a month.
        is_idle: Whether it costs that while nobody calls, too.
    """

    part: str
    each: float
    is_idle: bool = True


Resources = Mapping[str, Resource]
Charges = Iterator[tuple[Charge, int]]


def snapshots_of(folder: Path, stage: str) -> list[dict[str, Any]]:
    """Read the snapshots of a stage's templates."""
    return [json.loads(file.read_text("utf-8")) for file in sorted(folder.glob(f"{stage}-*.json"))]


def templates_of(assembly: Path) -> list[dict[str, Any]]:
    """Read the templates that a synth has written, and none that an earlier one has left."""
    artifacts = json.loads((assembly / "manifest.json").read_text("utf-8"))["artifacts"].values()
    files = [
        assembly / artifact["properties"]["templateFile"]
        for artifact in artifacts
        if artifact["type"] == "aws:cloudformation:stack"
    ]
    return [json.loads(file.read_text("utf-8")) for file in files]


def standing(templates: Iterable[Mapping[str, Any]]) -> Counter[Charge]:
    """Count the parts that cost something.

    Raises:
        ValueError: A resource is of a type that is neither priced nor known to be free.
    """
    counted: Counter[Charge] = Counter()
    for template in templates:
        for resource in template["Resources"].values():
            counted.update(dict(_charges(resource, template["Resources"])))
    return counted


def _charges(resource: Resource, beside: Resources) -> Charges:
    kind, properties = resource["Type"], resource.get("Properties", {})
    if kind in EACH:
        yield EACH[kind], 1
    elif kind in COUNTED:
        yield from COUNTED[kind](properties, beside)
    elif kind not in FREE and not kind.startswith("Custom::"):
        raise ValueError(
            f"{kind} has no price: give it one in benchmarks/cost/standing.py, or add it to FREE"
        )


def _of_web_acl(properties: Resource, _beside: Resources) -> Charges:
    yield Charge("web ACLs", PRICES["web_acl"]), 1
    yield Charge("rules of web ACLs", PRICES["web_acl_rule"]), len(properties.get("Rules", []))


def _of_alarm(properties: Resource, _beside: Resources) -> Charges:
    read = sum("MetricStat" in metric for metric in properties.get("Metrics", []))
    yield Charge("metrics that alarms watch", PRICES["alarm_metric"]), read or 1


def _of_client(properties: Resource, _beside: Resources) -> Charges:
    if "client_credentials" in properties.get("AllowedOAuthFlows", []):
        yield Charge("Cognito's clients of machines", PRICES["cognito_machine_client"]), 1


def _of_api_stage(properties: Resource, beside: Resources) -> Charges:
    if properties.get("DefaultRouteSettings", {}).get("DetailedMetricsEnabled"):
        routes = sum(item["Type"] == "AWS::ApiGatewayV2::Route" for item in beside.values())
        part = "metrics of routes, where each route is called in every hour"
        yield Charge(part, PRICES["custom_metric"], is_idle=False), routes * ROUTE_METRICS


def _of_function(properties: Resource, _beside: Resources) -> Charges:
    if "SnapStart" in properties:
        gigabyte = PRICES["snapstart_cached_gb_second"] * MONTH_SECONDS
        yield Charge("versions kept by SnapStart", _gb(properties) * gigabyte), 1


def _of_alias(properties: Resource, beside: Resources) -> Charges:
    if "ProvisionedConcurrencyConfig" in properties:
        function = beside[properties["FunctionName"]["Ref"]]["Properties"]
        gigabyte = PRICES["provisioned_gb_second_arm64"] * MONTH_SECONDS
        count = properties["ProvisionedConcurrencyConfig"]["ProvisionedConcurrentExecutions"]
        yield Charge("provisioned environments", _gb(function) * gigabyte), count


def _gb(function: Resource) -> float:
    """Return a function's memory in GB; Lambda gives 128 MB where a template says nothing."""
    return float(function.get("MemorySize", 128)) / 1_024


EACH: Final[Mapping[str, Charge]] = {
    "AWS::SecretsManager::Secret": Charge("secrets", PRICES["secret"]),
    "AWS::CloudWatch::CompositeAlarm": Charge("composite alarms", PRICES["composite_alarm"]),
    "AWS::CloudWatch::Dashboard": Charge("dashboards", PRICES["dashboard"]),
    "AWS::KMS::Key": Charge("KMS keys", PRICES["kms_key"]),
}
"""What each resource of a type costs."""

COUNTED: Final[Mapping[str, Callable[[Resource, Resources], Charges]]] = {
    "AWS::CloudWatch::Alarm": _of_alarm,
    "AWS::Cognito::UserPoolClient": _of_client,
    "AWS::ApiGatewayV2::Stage": _of_api_stage,
    "AWS::Lambda::Function": _of_function,
    "AWS::Lambda::Alias": _of_alias,
    "AWS::WAFv2::WebACL": _of_web_acl,
}
"""What a resource costs by its properties, and by those beside it in its template."""
