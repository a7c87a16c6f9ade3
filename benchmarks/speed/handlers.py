"""Each whole Python handler: an HTTP API's event in, a simple response out, a log line and metric.

Runs in the peers' environment; what is logged goes to the standard output of the process.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from authorizer.handler import build
from authorizer.policy import RoutePolicy
from authorizer.settings import Settings
from benchmarks.speed.floor import floor
from benchmarks.speed.verifiers import Question, Verify, pyjwt_by_kid

Handle = Callable[[dict[str, Any], object], Mapping[str, Any]]
"""Takes an event and Lambda's context."""


def ours(question: Question) -> Handle:
    """Answer by this repository's authorizer, whole: its keys are in hand."""
    settings = Settings.from_env({"ISSUERS": question["issuers"], "POLICY_FILE": "in hand"})
    authorizer = build(settings, RoutePolicy.from_json(question["policy"].encode()))
    authorizer.warm_up()
    return lambda event, _context: authorizer(event)


def floor_and_lines(question: Question) -> Handle:
    """Answer by the floor, its log line and its metric written by hand in one write."""
    verify = floor(question)
    encode = json.JSONEncoder(separators=(",", ":")).encode
    metrics = [{"Name": "allowed", "Unit": "Count"}]
    counted = {"Namespace": "Authorizer", "Dimensions": [["service"]], "Metrics": metrics}
    rest = encode({"CloudWatchMetrics": [counted]})[1:]

    def handle(event: dict[str, Any], context: Any) -> Mapping[str, Any]:  # noqa: ANN401  # Lambda's
        claims = verify(_bearer(event))
        now = time.time()
        line = encode(
            {
                "level": "INFO",
                "message": "authorized",
                "timestamp": now,
                "service": "authorizer",
                "function_request_id": context.aws_request_id,
                "sub": claims["sub"],
                "route": event["routeKey"],
            }
        )
        metric = (
            f'{{"_aws":{{"Timestamp":{int(now * 1000)},{rest},"service":"authorizer","allowed":1}}'
        )
        sys.stdout.write(f"{line}\n{metric}\n")
        return _answer(claims)

    return handle


def pyjwt_and_powertools(question: Question) -> Handle:
    """Answer by PyJWT, with Powertools' Logger and Metrics as they are documented."""
    return with_powertools(pyjwt_by_kid(question))


def with_powertools(verify: Verify) -> Handle:
    """Return a handler of a verifier, with Powertools' Logger and Metrics."""
    logger = Logger(service="authorizer")
    metrics = Metrics(namespace="Authorizer", service="authorizer")

    @logger.inject_lambda_context
    @metrics.log_metrics
    def handle(event: dict[str, Any], _context: object) -> Mapping[str, Any]:
        claims: Any = verify(_bearer(event))
        logger.info("authorized", extra={"sub": claims["sub"], "route": event["routeKey"]})
        metrics.add_metric(name="allowed", unit=MetricUnit.Count, value=1)
        return _answer(claims)

    answer: Handle = handle
    return answer


def _bearer(event: Mapping[str, Any]) -> str:
    value: str = event["headers"]["authorization"]
    if value[:7].lower() != "bearer ":
        raise ValueError
    return value[7:]


def _answer(claims: Mapping[str, Any]) -> Mapping[str, Any]:
    context = {"sub": claims["sub"], "scope": claims["scope"]}
    return {"isAuthorized": True, "context": context}


HANDLERS: Final[Mapping[str, Callable[[Question], Handle]]] = {
    "ours": ours,
    "floor, both lines by hand": floor_and_lines,
    "PyJWT + Powertools": pyjwt_and_powertools,
}
