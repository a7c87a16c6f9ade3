"""A query -> the lines that it finds in the logs of a deployed stage (CloudWatch Logs Insights)."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import boto3

from function_kit.aws import AWS_ERRORS, call_limits
from stacks.deployment.errors import CommandRefused

_CALLS = call_limits(connect_seconds=5, read_seconds=10, attempts=3)
_RUNNING = frozenset({"Scheduled", "Running"})
_LOOK_AGAIN_SECONDS = 0.5
MOST_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Logs:
    """The logs of a stage.

    Attributes:
        region: Where they are.
        groups: The log groups.
        sleep: How to wait, in seconds.
    """

    region: str
    groups: Sequence[str]
    sleep: Callable[[float], None] = time.sleep

    def lines(self, query: str, start: float, end: float) -> Iterator[dict[str, Any]]:
        """Yield the lines that a query finds, those that are JSON objects.

        Args:
            query: It must ask for `@message`.
            start: Seconds since the epoch.
            end: Likewise.

        Raises:
            CommandRefused: AWS refuses, or the query does not end.
        """
        try:
            results = self._results(query, start, end)
        except AWS_ERRORS as error:
            reason = " ".join(str(error).split())
            raise CommandRefused(f"the logs cannot be read: {reason}") from error
        for result in results:
            message = next((each["value"] for each in result if each["field"] == "@message"), "")
            try:
                line = json.loads(message)
            except ValueError:
                continue  # the runtime's own, such as REPORT
            if isinstance(line, dict):
                yield line

    def _results(self, query: str, start: float, end: float) -> list[Any]:
        client = boto3.session.Session().client("logs", region_name=self.region, config=_CALLS)
        asked = client.start_query(
            logGroupNames=list(self.groups),
            startTime=int(start),
            endTime=int(end),
            queryString=query,
        )
        waited = 0.0
        while (answer := client.get_query_results(queryId=asked["queryId"]))["status"] in _RUNNING:
            if waited >= MOST_SECONDS:
                client.stop_query(queryId=asked["queryId"])
                raise CommandRefused(f"the query has not ended after {MOST_SECONDS:.0f} s")
            self.sleep(_LOOK_AGAIN_SECONDS)
            waited += _LOOK_AGAIN_SECONDS
        if answer["status"] != "Complete":
            raise CommandRefused(f"the query ended as {answer['status']}")
        return list(answer["results"])
