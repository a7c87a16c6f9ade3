"""Lambda's entry: settings -> objects. The only reader of `os.environ`, and of the real clock.

It answers three callers: the hourly schedule, CloudFormation while the stack is deployed or
deleted, and an administrator who lets the next key take over. Nobody else may invoke it.
"""

import os
import time
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from aws_lambda_powertools import Logger

from function_kit.aws import AwsClient, aws_client, call_limits
from key_rotation.deployment import Deployment, DeploymentRequest
from key_rotation.errors import RequestUnknown
from key_rotation.key_policy import key_policy
from key_rotation.kms_keys import KmsKeys
from key_rotation.plan import rotation_times
from key_rotation.report import report, report_stopped
from key_rotation.ring_table import RingTable
from key_rotation.rotate import Clock, Rotated, Rotation
from key_rotation.settings import Settings
from key_rotation.settled import Sleep
from key_rotation.signature_proof import SignatureProof

ROTATE_NOW: Final = "rotate-now"
CALLS: Final = call_limits(connect_seconds=2, read_seconds=10, attempts=5)
"""Nobody waits for a rotation: it tries for longer than an issuer may."""

logger = Logger()


def build(
    settings: Settings,
    *,
    kms: AwsClient,
    dynamodb: AwsClient,
    clock: Clock = time.time,
    sleep: Sleep = time.sleep,
) -> Rotation:
    """Return the rotation that these settings describe; reads no environment, calls nothing."""
    policy = key_policy(settings.issuer_role, settings.rotation_role)
    return Rotation(
        RingTable(dynamodb, settings.key_ring_table, sleep=sleep),
        KmsKeys(kms, settings.key_owner, policy, clock, sleep=sleep),
        rotation_times(settings.period_seconds, settings.token_seconds),
        clock,
    )


def handler(event: Mapping[str, Any], _context: object) -> dict[str, object] | None:
    """Rotate if it is time, for the schedule; or do what CloudFormation or an administrator asks.

    Args:
        event: A scheduled event; a custom resource request, told by its `RequestType`; or
            `{"action": "rotate-now"}`.

    Returns:
        For `rotate-now`, the `kid`s that stand and in how many seconds the next key signs.

    Raises:
        RequestUnknown: Another action.
    """
    if "RequestType" in event:
        request = DeploymentRequest.from_event(event)
        Deployment(_rotation(), _proof()).answer(request)
        logger.info("deployment", kind=request.kind)
        return None
    if event.get("action", ROTATE_NOW) != ROTATE_NOW:
        raise RequestUnknown(f'action: {event["action"]!r:.80}; the only one is "{ROTATE_NOW}"')
    done = _run(_rotation(), replace_now="action" in event)
    return {
        "ring": list(done.ring),
        "published": list(done.published),
        "key_age_seconds": done.key_age_seconds,
        "next_signs_in_seconds": done.next_signs_in_seconds,
    }


def _run(rotation: Rotation, *, replace_now: bool) -> Rotated:
    try:
        done = rotation.run(replace_now=replace_now)
    except Exception as error:
        report_stopped(error, _settings().stage)
        raise
    report(logger, done, _settings().stage)
    return done


@cache
def _settings() -> Settings:
    return Settings.from_env(os.environ)


@cache
def _rotation() -> Rotation:
    return build(
        _settings(),
        kms=aws_client("kms", CALLS),
        dynamodb=aws_client("dynamodb", CALLS),
    )


@cache
def _proof() -> SignatureProof:
    return SignatureProof(aws_client("lambda", CALLS), _settings().issuer_function)
