"""Lambda's entry: settings -> objects. The only reader of `os.environ`, and of the real clock.

It answers two callers: the hourly schedule, and CloudFormation while the stack is deployed or
deleted. Nobody else may invoke it.
"""

import os
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger

from key_rotation.aws import CALLS, AwsClient
from key_rotation.deployment import Deployment, DeploymentRequest
from key_rotation.kms_keys import KmsKeys
from key_rotation.plan import rotation_times
from key_rotation.ring_table import RingTable
from key_rotation.rotate import Clock, Rotation
from key_rotation.settings import Settings

logger = Logger()


def build(
    settings: Settings,
    *,
    kms: AwsClient,
    dynamodb: AwsClient,
    clock: Clock = time.time,
) -> Rotation:
    """Return the rotation that these settings describe; reads no environment, calls nothing."""
    return Rotation(
        RingTable(dynamodb, settings.key_ring_table),
        KmsKeys(kms, settings.key_owner),
        rotation_times(settings.period_seconds, settings.token_seconds),
        clock,
    )


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Rotate, for the schedule; for CloudFormation, make the issuer ready and say so.

    Args:
        event: A custom resource request, told by its `RequestType`, or a scheduled event.
    """
    if "RequestType" in event:
        request = DeploymentRequest.from_event(event)
        Deployment(_rotation()).answer(request)
        logger.info("deployment", kind=request.kind)
        return
    done = _rotation().run()
    logger.info("rotation", published=done.published, withdrawn=done.withdrawn, ring=done.ring)


@cache
def _rotation() -> Rotation:
    return build(
        Settings.from_env(os.environ),
        kms=boto3.client("kms", config=CALLS),
        dynamodb=boto3.client("dynamodb", config=CALLS),
    )
