"""The questions of docs/runbook.md -> queries that CloudWatch Logs Insights keeps.

A word in capitals is for whoever asks to replace.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aws_cdk import aws_logs as logs
from constructs import Construct

from aws_jwt_authorizer.function_sources import SESSION
from stacks.operations.refusal_query import WHY_WAS_IT_REFUSED, query_string
from stacks.operations.watched import WatchedApi, WatchedIssuer
from stacks.stage.config import StageConfig


@dataclass(frozen=True, slots=True)
class Query:
    """A question.

    Attributes:
        name: In lower-case words with hyphens, as the runbook calls it.
        text: In the language of Logs Insights.
        log_groups: Where the answer is.
    """

    name: str
    text: Sequence[str]
    log_groups: Sequence[logs.LogGroup]


REFUSALS_BY_ROUTE = (
    'filter message = "decision" and outcome in ["denied", "rejected"]',
    "stats count(*) as refusals by route_key, reason",
    "sort refusals desc",
    "limit 50",
)
COLD_STARTS = (
    'filter @type = "REPORT"',
    "stats count(@initDuration) as cold_starts, pct(@initDuration, 99) as p99_ms by bin(5m)",
)
KEYS_AGE = (
    'filter event = "jwks_stale_served"',
    'parse detail "* s old" as age_seconds',
    "stats max(age_seconds) as oldest_seconds by issuer_name, bin(5m)",
)


def api_queries(watched: WatchedApi) -> Iterator[Query]:
    """Return what is asked about an API."""
    decisions, requests = watched.authorizer.log_group, watched.access_log
    yield Query(
        "why-was-it-refused",
        WHY_WAS_IT_REFUSED,
        (decisions, requests),
    )
    yield Query(
        "refusals-by-reason",
        (
            'filter message = "decision" and outcome in ["denied", "rejected", "failed"]',
            "stats count(*) as decisions by outcome, reason",
            "sort decisions desc",
        ),
        (decisions,),
    )
    yield Query("refusals-by-route", REFUSALS_BY_ROUTE, (decisions,))
    yield Query(
        "what-a-person-was-refused",
        (
            "fields @timestamp, route_key, outcome, reason, detail, offending, client_id",
            'filter message = "decision" and sub = "SUBJECT" and outcome != "allowed"',
            "sort @timestamp desc",
            "limit 200",
        ),
        (decisions,),
    )
    yield Query(
        "where-a-token-was-used",
        (
            "fields @timestamp, route_key, outcome, reason, request_id",
            'filter token = "FINGERPRINT"',
            "sort @timestamp asc",
            "limit 1000",
        ),
        (decisions,),
    )
    yield Query(
        "failed-decisions",
        (
            "fields @timestamp, route_key, reason, detail, request_id",
            'filter message = "decision" and outcome = "failed"',
            "sort @timestamp desc",
            "limit 100",
        ),
        (decisions,),
    )
    yield Query(
        "what-happened-to-keys",
        (
            "fields @timestamp, level, event, issuer_name, detail",
            'filter message = "keys"',
            "sort @timestamp desc",
            "limit 200",
        ),
        (decisions,),
    )
    yield Query("cold-starts", COLD_STARTS, (decisions,))
    yield Query(
        "slow-decisions",
        (
            "fields @timestamp, @requestId, @duration, @initDuration, @maxMemoryUsed",
            'filter @type = "REPORT"',
            "sort @duration desc",
            "limit 50",
        ),
        (decisions,),
    )
    yield Query(
        "server-errors",
        (
            "fields @timestamp, requestId, routeKey, status, responseLatency, errorType, error",
            "fields authorizerError, integrationStatus, integrationError",
            "filter status >= 500",
            "sort @timestamp desc",
            "limit 100",
        ),
        (requests,),
    )
    yield Query(
        "who-is-refused",
        (
            "filter status in [401, 403]",
            "stats count(*) as refusals by sourceIp, userAgent, routeKey, status",
            "sort refusals desc",
            "limit 50",
        ),
        (requests,),
    )
    if SESSION in watched.backends:
        yield Query(
            "sessions-refused",
            (
                "fields @timestamp, route, outcome, reason, revocation, source_ip, request_id",
                'filter message = "session_request"',
                'filter outcome in ["refused", "failed"] or outcome = "signed_out"',
                "sort @timestamp desc",
                "limit 200",
            ),
            (watched.backends[SESSION].log_group,),
        )


def issuer_queries(watched: WatchedIssuer) -> Iterator[Query]:
    """Return what is asked about the issuer on KMS."""
    yield Query(
        "token-requests",
        (
            "fields @timestamp, message, outcome, reason, client_id, kid, request_id",
            'filter message = "key_refused" or message = "token_request" and outcome != "issued"',
            "sort @timestamp desc",
            "limit 200",
        ),
        (watched.issuer.log_group,),
    )
    yield Query(
        "key-rotations",
        (
            "fields @timestamp, level, ring, published, withdrawn, found, failures",
            'filter message = "rotation"',
            "sort @timestamp desc",
            "limit 100",
        ),
        (watched.rotation.log_group,),
    )


def add_query(scope: Construct, query: Query, config: StageConfig) -> None:
    """Keep a query, in a folder of the stage's."""
    logs.CfnQueryDefinition(
        scope,
        "".join(word.title() for word in query.name.split("-")),
        name=f"{config.prefix}/{query.name}",
        query_string=query_string(query.text),
        log_group_names=[group.log_group_name for group in query.log_groups],
    )
