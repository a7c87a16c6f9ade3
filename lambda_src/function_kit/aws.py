"""Clients of AWS's SDK, with time-outs, and the code of an error. The only importer of boto3.

No other shared module imports this one, so the bundle of a function that calls nothing of AWS holds
no SDK.
"""

from typing import Any, Final, Literal

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

AwsClient = Any
"""A client of boto3, which gives it its methods only when the program runs."""

Service = Literal["cognito-idp", "dynamodb", "kms", "lambda", "secretsmanager"]

AWS_ERRORS: Final = (BotoCoreError, ClientError)
"""What a call raises that AWS refuses, or does not answer."""


CONDITION_FAILED: Final = "ConditionalCheckFailedException"
"""What DynamoDB says of a write whose condition does not hold."""


def call_limits(*, connect_seconds: float, read_seconds: float, attempts: int) -> Config:
    """Return for how long a client tries one call: each attempt's time-outs, and how many."""
    return Config(
        connect_timeout=connect_seconds,
        read_timeout=read_seconds,
        retries={"mode": "standard", "total_max_attempts": attempts},
    )


def aws_client(service: Service, limits: Config) -> AwsClient:
    """Return a client of a service.

    Args:
        service: its name in boto3, as a literal: bundling describes the services that are named so.
        limits: for how long it tries, from `call_limits`.
    """
    return boto3.client(service, config=limits)


def error_code(error: Exception) -> str:
    """Return AWS's code of an error, or the name of its type where AWS gave no answer."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", ""))
    return type(error).__name__
