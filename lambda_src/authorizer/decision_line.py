"""A decision -> one line that is its log entry and its metric (CloudWatch embedded metric format).

Powertools would write two lines, at many times the cost of this one: it is the only line of a
function that Powertools does not write.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
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
        return _WRITE(
            {
                **said,
                "reason": reason,
                "timestamp": datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds"),
                "service": self.service,
                "stage": self.stage,
                outcome: [1.0],
                "_aws": {
                    "Timestamp": int(now * _MILLISECONDS),
                    "CloudWatchMetrics": [
                        {
                            "Namespace": self.namespace,
                            "Dimensions": [["service", "stage"], ["service", "stage", "reason"]],
                            "Metrics": [{"Name": outcome, "Unit": "Count"}],
                        }
                    ],
                },
            }
        )
