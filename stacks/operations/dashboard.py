"""What is watched -> the widgets of one dashboard, from what callers see to what is behind it."""

from collections.abc import Iterator, Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs

from aws_jwt_authorizer.function_sources import AUTHORIZER, KEY_ROTATION, TOKEN_ISSUER
from stacks.operations.metrics import (
    HOUR,
    MAXIMUM,
    MEDIAN,
    MINIMUM,
    NEARLY_ALL,
    StageMetrics,
    of_api,
    of_function,
)
from stacks.operations.saved_queries import COLD_STARTS, KEYS_AGE, REFUSALS_BY_ROUTE
from stacks.operations.watched import WatchedApi, WatchedIssuer

Row = tuple[cloudwatch.IWidget, ...]

HALF = 12
WHOLE = 24
KEYS_EVENTS = (
    *("jwks_fetched", "jwks_fetch_failed", "jwks_stale_served"),
    *("jwks_no_usable_key", "jwks_keys_skipped"),
)
OUTCOMES = ("allowed", "denied", "rejected", "failed")


def api_rows(watched: WatchedApi, metrics: StageMetrics) -> Iterator[Row]:
    """Return the rows about an API."""
    api, authorizer, decisions = watched.api, watched.authorizer, watched.authorizer.log_group
    yield (
        _graph("Decisions", [metrics.own(AUTHORIZER, outcome) for outcome in OUTCOMES]),
        _graph("Decisions by reason", [metrics.each(AUTHORIZER, "reason")]),
    )
    yield (
        _table("Refusals by route", decisions, REFUSALS_BY_ROUTE),
        _graph("Requests, 4xx, 5xx", [of_api(api, name) for name in ("Count", "4xx", "5xx")]),
    )
    yield (
        _graph(
            "Latency of the API",
            [of_api(api, "Latency", statistic) for statistic in (MEDIAN, NEARLY_ALL)],
        ),
        _graph(
            "Duration of decisions",
            [of_function(authorizer, "Duration", statistic) for statistic in (MEDIAN, NEARLY_ALL)],
        ),
    )
    yield (
        _lines("Cold starts of the authorizer", decisions, COLD_STARTS),
        _graph(
            "Throttles",
            [
                of_function(function, "Throttles", label=name)
                for name, function in ((AUTHORIZER, authorizer), *watched.backends.items())
            ],
        ),
    )
    yield (
        _graph("Fetches of keys", [metrics.own(AUTHORIZER, name) for name in KEYS_EVENTS]),
        _lines("Age of stale keys", decisions, KEYS_AGE),
    )


def issuer_rows(watched: WatchedIssuer, metrics: StageMetrics) -> Iterator[Row]:
    """Return the rows about the issuer on KMS."""
    yield (
        _graph(
            "Token requests",
            [metrics.own(TOKEN_ISSUER, name) for name in ("issued", "refused", "failed")],
        ),
        _graph(
            "Signing keys, in seconds",
            [
                metrics.own(KEY_ROTATION, "signing_key_age", MAXIMUM, period=HOUR),
                metrics.own(KEY_ROTATION, "next_key_signs_in", MINIMUM, period=HOUR),
            ],
        ),
    )
    yield (
        _graph("The issuer's 4xx, 5xx", [of_api(watched.api, name) for name in ("4xx", "5xx")]),
        _graph(
            "Duration of the issuer",
            [
                of_function(watched.issuer, "Duration", statistic)
                for statistic in (MEDIAN, NEARLY_ALL)
            ],
        ),
    )


def alarm_row(alarms: Sequence[cloudwatch.IAlarm]) -> Row:
    """Return the row that says which alarms ring."""
    return (cloudwatch.AlarmStatusWidget(title="Alarms", alarms=list(alarms), width=WHOLE),)


def _graph(title: str, metrics: Sequence[cloudwatch.IMetric]) -> cloudwatch.IWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=HALF)


def _table(title: str, group: logs.LogGroup, query: Sequence[str]) -> cloudwatch.IWidget:
    return _logs(title, group, query, cloudwatch.LogQueryVisualizationType.TABLE)


def _lines(title: str, group: logs.LogGroup, query: Sequence[str]) -> cloudwatch.IWidget:
    return _logs(title, group, query, cloudwatch.LogQueryVisualizationType.LINE)


def _logs(
    title: str,
    group: logs.LogGroup,
    query: Sequence[str],
    view: cloudwatch.LogQueryVisualizationType,
) -> cloudwatch.IWidget:
    return cloudwatch.LogQueryWidget(
        title=title,
        log_group_names=[group.log_group_name],
        query_lines=list(query),
        view=view,
        width=HALF,
    )
