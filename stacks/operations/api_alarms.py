"""The API's stack -> its alarms.

Lambda counts every 401 of the authorizer as an error of the function, for that is how the gateway
is told: nothing here looks at those. What is wrong is in the authorizer's own metrics.
"""

from collections.abc import Iterator

from aws_cdk import aws_cloudwatch as cloudwatch

from aws_jwt_authorizer.function_sources import AUTHORIZER, SESSION
from stacks.operations.alarm import AlarmSpec
from stacks.operations.metrics import (
    FIVE_MINUTES,
    HOUR,
    NEARLY_ALL,
    StageMetrics,
    of_api,
    of_function,
)
from stacks.operations.watched import WatchedApi

FEWEST_DECISIONS = 100
MOST_REFUSED_PERCENT = 50
SLOW_MILLISECONDS = 1000
MOST_SERVER_ERRORS = 5


def api_alarms(watched: WatchedApi, metrics: StageMetrics) -> Iterator[AlarmSpec]:
    """Return what rings for an API."""
    yield AlarmSpec(
        "keys-unavailable",
        "Callers get 500, because an issuer's keys cannot be fetched.",
        metrics.own(AUTHORIZER, "failed", reason="keys_unavailable"),
        threshold=1,
    )
    yield AlarmSpec(
        "no-usable-key-published",
        "An issuer answers with a key set in which no key can verify a token.",
        metrics.own(AUTHORIZER, "jwks_no_usable_key"),
        threshold=1,
    )
    if watched.has_revocation:
        yield AlarmSpec(
            "revocations-unavailable",
            "The authorizer cannot read what was taken back, or not all of it.",
            metrics.own(AUTHORIZER, "revocations_unavailable"),
            threshold=1,
        )
    yield AlarmSpec(
        "internal-error",
        "Callers get 500 for a fault of the authorizer itself.",
        metrics.own(AUTHORIZER, "failed", reason="internal_error"),
        threshold=1,
    )
    yield AlarmSpec(
        "stale-keys-served",
        "An issuer does not answer, and tokens are verified with the keys that it had.",
        metrics.own(AUTHORIZER, "jwks_stale_served"),
        threshold=1,
    )
    yield AlarmSpec(
        "refusal-surge",
        f"More than {MOST_REFUSED_PERCENT} % of decisions have been refusals for 15 minutes.",
        _refused_percent(metrics),
        threshold=MOST_REFUSED_PERCENT,
        periods=3,
    )
    yield AlarmSpec(
        "authorizer-throttled",
        "Lambda has no room for the authorizer, and callers get 500.",
        of_function(watched.authorizer, "Throttles"),
        threshold=1,
    )
    yield AlarmSpec(
        "authorizer-slow",
        f"One decision in a hundred takes {SLOW_MILLISECONDS} ms and more.",
        of_function(watched.authorizer, "Duration", NEARLY_ALL),
        threshold=SLOW_MILLISECONDS,
        periods=3,
    )
    yield AlarmSpec(
        "api-server-errors",
        "The API answers with 5xx.",
        of_api(watched.api, "5xx"),
        threshold=MOST_SERVER_ERRORS,
    )
    if SESSION in watched.backends:
        yield AlarmSpec(
            "sign-out-incomplete",
            "A person has signed out here, and the issuer was not told.",
            metrics.own(SESSION, "SessionSignOutIncomplete"),
            threshold=1,
        )
    if watched.secret_rotation:
        yield AlarmSpec(
            "secret-rotation-failed",
            "A secret of the session backend was not rotated.",
            of_function(watched.secret_rotation, "Errors", period=HOUR),
            threshold=1,
        )


def _refused_percent(metrics: StageMetrics) -> cloudwatch.MathExpression:
    """Return how many of a period's decisions are refusals; 0 while there are too few to tell."""
    allowed, denied, rejected = (
        metrics.own(AUTHORIZER, outcome) for outcome in ("allowed", "denied", "rejected")
    )
    refused, decided = "FILL(denied,0)+FILL(rejected,0)", "FILL(allowed,0)+FILL(denied,0)"
    decided = f"{decided}+FILL(rejected,0)"
    return cloudwatch.MathExpression(
        expression=f"IF({decided}>={FEWEST_DECISIONS},100*({refused})/({decided}),0)",
        using_metrics={"allowed": allowed, "denied": denied, "rejected": rejected},
        period=FIVE_MINUTES,
        label="refused, in percent",
    )
