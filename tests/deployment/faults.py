"""A template -> one that CloudFormation cannot deploy: its last resource cannot be made."""

from typing import Any

Template = dict[str, Any]
FAULT = "Fault"
NO_POOL = "eu-west-1_nothing00"


def with_a_fault(template: Template) -> Template:
    """The template with a group of a pool that is not there, made after everything else.

    Every function gets another description, so that an update has something to roll back.
    """
    resources = {name: _described(item) for name, item in template["Resources"].items()}
    fault = {
        "Type": "AWS::Cognito::UserPoolGroup",
        "Properties": {"GroupName": "nobody", "UserPoolId": NO_POOL},
        "DependsOn": sorted(resources),
    }
    return {**template, "Resources": {**resources, FAULT: fault}}


def _described(item: dict[str, Any]) -> dict[str, Any]:
    if item["Type"] != "AWS::Lambda::Function":
        return item
    return {**item, "Properties": {**item["Properties"], "Description": "Not to stay"}}
