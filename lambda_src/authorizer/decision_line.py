"""A decision -> one line that is its log entry and its metric (CloudWatch embedded metric format).

Powertools would write two lines, at many times the cost of this one: it is the only line of a
function that Powertools does not write.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Final

_WRITE: Final = json.JSONEncoder(separators=(",", ":")).encode  # ASCII, so no value ends a line
_MILLISECONDS: Final = 1_000


@dataclass(frozen=True, slots=True)
class DecisionLines:
    """Writes decisions of one function as lines.

    Attributes:
        namespace: of the metrics.
        service: a dimension of each metric, with `stage`; the reason is the third, in a set of its
            own.
        stage: likewise.
    """

    namespace: str
    service: str
    stage: str

    def line(self, outcome: str, reason: str, said: Mapping[str, str], now: float) -> str:
        """Return the line of one decision, which counts 1 for its outcome.

        Args:
            outcome: the metric's name.
            reason: a code.
            said: what the log says besides; empty where its level keeps decisions out of the log.
            now: seconds since the epoch.

        Returns:
            A JSON object. The metric has the unit Count, and the dimension sets [service, stage]
            and [service, stage, reason] ("Specification: Embedded metric format", Amazon CloudWatch
            user guide).
        """
        timestamp = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds")
        start = _WRITE({**said, "reason": reason, "timestamp": timestamp})
        metric = _metric(self, outcome)
        return f'{start[:-1]},{metric[1:-2]},"Timestamp":{int(now * _MILLISECONDS)}}}}}'


@cache
def _metric(of: DecisionLines, outcome: str) -> str:
    """Return what each line of an outcome says alike, as JSON; `_aws` is the last member.

    There are four outcomes.
    """
    counted = {
        "Namespace": of.namespace,
        "Dimensions": [["service", "stage"], ["service", "stage", "reason"]],
        "Metrics": [{"Name": outcome, "Unit": "Count"}],
    }
    dimensions = {"service": of.service, "stage": of.stage}
    return _WRITE({**dimensions, outcome: [1.0], "_aws": {"CloudWatchMetrics": [counted]}})
