"""Lambda's entry: settings -> objects. The only reader of `os.environ`, and of the real clocks.

The authorizer is built once for an execution environment, so its keys stay warm between
invocations.
"""

import os
import time
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from authorizer.audit import SERVICE, Audit, WriteLine, print_line
from authorizer.authorize import Authorizer
from authorizer.decision_line import DecisionLines
from authorizer.policy import RoutePolicy
from authorizer.response import SimpleResponse
from authorizer.settings import Settings
from jwt_verifier.freshness import Clock, Clocks
from jwt_verifier.jwks_cache import CacheTimes
from jwt_verifier.jwt_verifier import JwtVerifier
from jwt_verifier.verifier import Steps

if TYPE_CHECKING:
    from function_kit.revocation.revocations import Report, Revocations

REVOCATION_TABLE: Final = "REVOCATION_TABLE"
REVOCATIONS: Final = "function_kit.revocation.revocations"
"""Named and not imported: a bundle holds it only where a stage has revocation on."""

NO_VARIABLES: Final[Mapping[str, str]] = MappingProxyType({})


def build(
    settings: Settings,
    policy: RoutePolicy,
    *,
    wall_clock: Clock = time.time,
    monotonic_clock: Clock = time.monotonic,
    write: WriteLine = print_line,
    steps: Steps | None = None,
    environment: Mapping[str, str] = NO_VARIABLES,
) -> Authorizer:
    """Return a new authorizer without keys; asks no network.

    `write` takes the line of each decision, with its end; `steps` are those of a verification, from
    whoever watches them. `environment` names the table of what was taken back, if there is one, and
    holds the credentials that it is read with.
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
    revocations = None
    if REVOCATION_TABLE in environment:
        clocks = Clocks(wall_clock, monotonic_clock)
        revocations = _revocations(environment, audit.revocations_unavailable, clocks)
    return Authorizer(
        verifier,
        policy,
        audit,
        settings.cookie_origins,
        wall_clock=wall_clock,
        revocations=revocations,
        origin_header=settings.origin_header,
    )


def _revocations(environment: Mapping[str, str], report: "Report", clocks: Clocks) -> "Revocations":
    module = import_module(REVOCATIONS)
    found: Revocations = module.from_environment(environment, report=report, clocks=clocks)
    return found


def handler(event: object, _context: object) -> SimpleResponse | dict[str, object]:
    """Answer API Gateway; the event says what is asked, and in what form.

    An HTTP API's Lambda authorizer of payload 2.0 gets a simple response. For any other event the
    adapters are imported, and answer with a policy or raise EventUnknown.
    """
    if isinstance(event, dict) and event.get("version") == "2.0" and event.get("type") == "REQUEST":
        return _authorizer()(event)
    # What most deployments never use costs none of them anything at their start.
    from authorizer.policy_events import answer  # noqa: PLC0415

    authorizer = _authorizer()
    return answer(event, authorizer, authorizer.route_keys)


@cache
def _authorizer() -> Authorizer:
    settings = Settings.from_env(os.environ)
    policy = RoutePolicy.from_file(settings.policy_file)
    authorizer = build(settings, policy, environment=os.environ)
    authorizer.warm_up()
    return authorizer


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    # In Lambda's init phase: a wrong setting must stop the function and not its first caller, and
    # the keys are fetched while nobody waits.
    _authorizer()
