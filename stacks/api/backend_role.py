"""What a backend needs besides tables and secrets -> its role, its network, its layers."""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from aws_jwt_authorizer.constructs.acknowledged import acknowledge
from aws_jwt_authorizer.needs.needs import Needs, Permission, Vpc

_INTERFACES = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)
"""What Lambda does in a VPC in a function's name ("Giving Lambda functions access to resources in
an Amazon VPC", AWS Lambda developer guide)."""


def give_needs(function: lambda_.Function, needs: Needs) -> None:
    """Give a function what it needs of the account it is deployed to.

    Args:
        function: Made with memory, time and variables already.
        needs: What its `needs.py` says.
    """
    for permission in needs.permissions:
        _permit(function, permission)
    for number, arn in enumerate(needs.layers):
        function.add_layers(
            lambda_.LayerVersion.from_layer_version_arn(function, f"Layer{number}", arn)
        )
    if needs.vpc:
        _enter(function, needs.vpc)


def _permit(function: lambda_.Function, permission: Permission) -> None:
    function.add_to_role_policy(
        iam.PolicyStatement(actions=list(permission.actions), resources=list(permission.resources))
    )
    stars = [*_stars("Action", permission.actions), *_stars("Resource", permission.resources)]
    if stars:
        _acknowledge_stars(function, stars, permission.why)


def _enter(function: lambda_.Function, vpc: Vpc) -> None:
    resource = function.node.default_child
    if not isinstance(resource, lambda_.CfnFunction):
        raise TypeError("a function that is imported has no network to choose")
    # By their ids: CDK's own class wants the whole VPC, with its zones.
    resource.vpc_config = lambda_.CfnFunction.VpcConfigProperty(
        subnet_ids=list(vpc.subnet_ids), security_group_ids=list(vpc.security_group_ids)
    )
    function.add_to_role_policy(iam.PolicyStatement(actions=list(_INTERFACES), resources=["*"]))
    _acknowledge_stars(
        function,
        ["AwsSolutions-IAM5[Resource::*]"],
        "the interfaces that Lambda makes have no name before they are there",
    )
    if function.role:
        # Lambda makes the interfaces when the function is made, not when it is called.
        resource.add_resource_dependency(_policy_of(function.role))


def _policy_of(role: iam.IRole) -> iam.CfnPolicy:
    [policy] = [item for item in role.node.find_all() if isinstance(item, iam.CfnPolicy)]
    return policy


def _stars(kind: str, values: tuple[str, ...]) -> list[str]:
    return [f"AwsSolutions-IAM5[{kind}::{value}]" for value in values if "*" in value]


def _acknowledge_stars(function: lambda_.Function, stars: list[str], why: str) -> None:
    if function.role:
        acknowledge(function.role, stars, why)
