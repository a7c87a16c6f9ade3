"""What a tool finds in a template, and why it stays: said beside the resource, kept by CDK.

A reason is for who reviews the app: what makes the finding harmless here, or whose choice it is.
Only the tools of the gate read it (tests/synth/deployment_tools.py); a synth needs none of them.
"""

from collections.abc import Iterable

import aws_cdk as cdk
from constructs import IConstruct

CDK_NAG = "AwsSolutions"
GUARD_RULES = "CloudFormation-Validate"
PREFLIGHT = "cdk-preflight"


def acknowledge(resource: IConstruct, rules: str | Iterable[str], reason: str) -> None:
    """Say why findings about a resource, and about what it is made of, are not to be mended.

    Args:
        resource: What they are found in.
        rules: As a validation report names them: AwsSolutions-COG8 of cdk-nag,
            pf-and-so-on of cdk-preflight, or a rule of deployable.guard in capitals.
        reason: One sentence.
    """
    ids = [rules] if isinstance(rules, str) else rules
    cdk.Validations.of(resource).acknowledge(
        *(cdk.Acknowledgment(id=f"{_tool(rule)}::{rule}", reason=reason) for rule in ids)
    )


def _tool(rule: str) -> str:
    if rule.startswith("pf-"):
        return PREFLIGHT
    return CDK_NAG if rule.startswith(CDK_NAG) else GUARD_RULES


def acknowledge_public(route: IConstruct, reason: str) -> None:
    """Say that a route is meant to be open to anybody, and why."""
    acknowledge(route, ("ROUTE_HAS_AUTHORIZER", "AwsSolutions-APIG4"), reason)


def wildcard(scope: IConstruct, arn: str) -> str:
    """Return what cdk-nag calls the finding of a permission for an ARN with a * in it.

    Args:
        scope: A construct of the stack with the permission.
        arn: As the permission names it.
    """
    return f"AwsSolutions-IAM5[Resource::{_flat(cdk.Stack.of(scope).resolve(arn))}]"


def aws_policy(scope: IConstruct, arn: str) -> str:
    """Return what cdk-nag calls the finding of a policy that AWS keeps.

    Args:
        scope: A construct of the stack with the role.
        arn: Of the policy.
    """
    return f"AwsSolutions-IAM4[Policy::{_flat(cdk.Stack.of(scope).resolve(arn))}]"


def _flat(value: object) -> str:
    """Write an intrinsic function as cdk-nag does."""
    match value:
        case {"Fn::Join": [delimiter, items]}:
            return str(delimiter).join(_flat(item) for item in items)
        case {"Fn::GetAtt": [resource, attribute]}:
            return f"<{resource}.{attribute}>"
        case {"Ref": name}:
            return f"<{name}>"
        case _:
            return str(value)
