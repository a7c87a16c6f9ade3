"""What the stacks hand to operations: the resources that alarms, dashboard and queries look at."""

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import aws_apigatewayv2 as apigwv2
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs

from stacks.functions.python_function import PythonFunction


@dataclass(frozen=True, slots=True)
class WatchedApi:
    """The API's stack, as operations see it.

    Attributes:
        api: The API.
        access_log: Where its access log goes.
        authorizer: Our Lambda authorizer.
        backends: Function by backend name.
        secret_rotation: What rotates the browser's secrets; None where there are none.
        has_revocation: Whether tokens can be taken back.
    """

    api: apigwv2.HttpApi
    access_log: logs.LogGroup
    authorizer: PythonFunction
    backends: Mapping[str, PythonFunction]
    secret_rotation: PythonFunction | None
    has_revocation: bool


@dataclass(frozen=True, slots=True)
class WatchedPool:
    """The identity stack, as operations see it.

    Attributes:
        failed_mail: The log of mails that the pool could not hand over; None without one.
    """

    failed_mail: logs.LogGroup | None


@dataclass(frozen=True, slots=True)
class WatchedIssuer:
    """The issuer's stack, as operations see it.

    Attributes:
        api: The issuer's API.
        access_log: Where its access log goes.
        issuer: The function that signs tokens.
        rotation: The function that makes keys.
        rotation_hours: How often it runs.
        rotation_period_days: How long a key signs.
        undelivered: The schedule's events that reached no function.
    """

    api: apigwv2.HttpApi
    access_log: logs.LogGroup
    issuer: PythonFunction
    rotation: PythonFunction
    rotation_hours: int
    rotation_period_days: int
    undelivered: sqs.Queue
