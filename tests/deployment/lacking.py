"""What ministack lacks of our templates, left out by name; docs/operate.md lists it.

A type that it knows may not stand here: the rehearsal's first step asks it for each.
"""

from collections.abc import Mapping
from typing import Any, Final

LACKING_TYPES: Final = frozenset(
    {
        "AWS::CodeDeploy::Application",
        "AWS::CodeDeploy::DeploymentGroup",
        "AWS::Cognito::LogDeliveryConfiguration",
        "AWS::Cognito::ManagedLoginBranding",
        "AWS::Cognito::UserPoolRiskConfigurationAttachment",
        "AWS::Logs::QueryDefinition",
        "AWS::SecretsManager::RotationSchedule",
        "AWS::WAFv2::WebACLAssociation",
    }
)

ALARM: Final = "AWS::CloudWatch::Alarm"
OF_EXPRESSION: Final = "Metrics"
"""The property of an alarm on an expression, which it lacks too: a stand-in watches one metric."""


def without_what_is_lacking(template: dict[str, Any]) -> dict[str, Any]:
    """The template less the resources of these types, and less what waits for them.

    Raises:
        ValueError: Something else refers to one of them; names both.
    """
    resources: dict[str, dict[str, Any]] = template["Resources"]
    gone = {name for name, item in resources.items() if item["Type"] in LACKING_TYPES}
    left = {
        name: _with_one_metric(_less_waiting(item, gone))
        for name, item in resources.items()
        if name not in gone
    }
    outputs = {
        name: item
        for name, item in template.get("Outputs", {}).items()
        if not gone & _referred(item)
    }
    for name, item in left.items():
        if broken := gone & _referred(item):
            raise ValueError(f"{name} refers to {', '.join(broken)}, which the emulator lacks")
    return {**template, "Resources": left, "Outputs": outputs}


def _less_waiting(item: dict[str, Any], gone: set[str]) -> dict[str, Any]:
    waits = item.get("DependsOn", [])
    names = [waits] if isinstance(waits, str) else waits
    kept: dict[str, Any] = {**item, "DependsOn": [name for name in names if name not in gone]}
    if gone & _referred(kept.get("UpdatePolicy")):
        del kept["UpdatePolicy"]
    if not kept["DependsOn"]:
        del kept["DependsOn"]
    return kept


def _with_one_metric(item: dict[str, Any]) -> dict[str, Any]:
    """An alarm on an expression as one on the first metric of it; anything else as it is."""
    properties = dict(item.get("Properties", {}))
    if item["Type"] != ALARM or OF_EXPRESSION not in properties:
        return item
    metrics = [part["MetricStat"] for part in properties.pop(OF_EXPRESSION) if "MetricStat" in part]
    first = {**metrics[0]["Metric"], "Period": metrics[0]["Period"], "Statistic": "Sum"}
    return {**item, "Properties": {**properties, **first}}


def _referred(value: Any) -> set[str]:
    """The logical ids to which a part of a template refers."""
    match value:
        case {"Ref": str(name)}:
            return {name}
        case {"Fn::GetAtt": [str(name), *_]}:
            return {name}
        case {"Fn::GetAtt": str(text)}:
            return {text.split(".")[0]}
        case Mapping():
            return {name for item in value.values() for name in _referred(item)}
        case list():
            return {name for item in value for name in _referred(item)}
    return set()
