"""Lambda's entry: settings -> objects. The only reader of `os.environ`, and of the real clocks.

The authorizer is built once for an execution environment, so its keys stay warm between
invocations.
"""

import os
import time
from functools import cache

from authorizer.audit import SERVICE, Audit, WriteLine, print_line
from authorizer.authorize import Authorizer
from authorizer.decision_line import DecisionLines
from authorizer.policy import RoutePolicy
from authorizer.response import SimpleResponse
from authorizer.settings import Settings
from jwt_verifier.freshness import Clock
from jwt_verifier.jwks_cache import CacheTimes
from jwt_verifier.jwt_verifier import JwtVerifier
from jwt_verifier.verifier import Steps


def build(
    settings: Settings,
    policy: RoutePolicy,
    *,
    wall_clock: Clock = time.time,
    monotonic_clock: Clock = time.monotonic,
    write: WriteLine = print_line,
    steps: Steps | None = None,
) -> Authorizer:
    """Return a new authorizer without keys; reads no environment and asks no network.

    `write` takes the line of each decision, with its end; `steps` are those of a verification, from
    whoever watches them.
    """
    lines = DecisionLines(settings.metrics_namespace, SERVICE, settings.stage)
    audit = Audit(lines, wall_clock, write)
    verifier = JwtVerifier(
        settings.issuers,
        leeway_seconds=settings.leeway_seconds,
        times=CacheTimes(
            settings.jwks_fresh_seconds,
            settings.jwks_max_age_seconds,
            settings.jwks_cooldown_seconds,
        ),
        fetch_timeout_seconds=settings.jwks_fetch_timeout_seconds,
        report=audit.keys_event,
        wall_clock=wall_clock,
        monotonic_clock=monotonic_clock,
        steps=steps,
    )
    return Authorizer(verifier, policy, audit, settings.cookie_origins, wall_clock=wall_clock)


def handler(event: object, _context: object) -> SimpleResponse:
    """Answer API Gateway: an HTTP API's Lambda authorizer, payload 2.0, simple responses."""
    return _authorizer()(event)


@cache
def _authorizer() -> Authorizer:
    settings = Settings.from_env(os.environ)
    authorizer = build(settings, RoutePolicy.from_file(settings.policy_file))
    authorizer.warm_up()
    return authorizer


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    # In Lambda's init phase: a wrong setting must stop the function and not its first caller, and
    # the keys are fetched while nobody waits.
    _authorizer()
