"""Requests a second -> what the authorizer costs a month, by list prices. A formula.

The prices are those of `benchmarks.cost.prices`. What is measured comes in as
`Measured`: CPU of a warm invocation, and the length of a decision's line.
"""

import math
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.cost.prices import (
    GB,
    HTTP_API_FIRST_MILLIONS,
    LOG_TIERS,
    MILLION,
    MONTH_SECONDS,
    PRICES,
)

FRESH_SECONDS: Final = 3_600
CPU_MB: Final = 1_769
"""Memory at which a function has one whole core."""
REQUESTS_A_SECOND_EACH: Final = 10
"""The most that one environment takes: an account's requests/s are ten times its concurrency."""

MEMORY_MB: Final = 256
"""Of the authorizer, as `stacks.api` deploys it."""

RATES: Final = (1, 10, 100, 1_000, 10_000, 100_000)
HIT_RATES: Final = (0.0, 0.5, 0.9, 0.99)


@dataclass(frozen=True, slots=True)
class Measured:
    """What the formula is given.

    Attributes:
        warm_us: CPU of a warm invocation above an idle runtime, in microseconds of a whole core.
        line_bytes: of the line that a decision writes.
        memory_mb: of the function.
    """

    warm_us: float
    line_bytes: float
    memory_mb: int

    @property
    def billed_ms(self) -> int:
        """Milliseconds that are billed for an invocation: whole ones, at the function's share."""
        return math.ceil(self.warm_us / 1_000 * CPU_MB / self.memory_mb)


def month(requests_a_second: float, hit_rate: float, measured: Measured) -> dict[str, float]:
    """Return a month of one API.

    Args:
        requests_a_second: that the API gets, at all hours.
        hit_rate: the part of them that the gateway's authorizer cache answers.
        measured: what one invocation takes.
    """
    requests = requests_a_second * MONTH_SECONDS
    invocations_a_second = requests_a_second * (1 - hit_rate)
    invocations = invocations_a_second * MONTH_SECONDS
    gb_seconds = invocations * measured.billed_ms / 1_000 * measured.memory_mb / 1_024
    environments = environments_of(invocations_a_second, measured)
    return {
        "invocations_a_second": invocations_a_second,
        "environments": environments,
        "jwks_fetches_an_hour": environments * 3_600 / FRESH_SECONDS,
        "gateway": gateway(requests),
        "requests": invocations / MILLION * PRICES["lambda_million_requests"],
        "compute": gb_seconds * PRICES["lambda_gb_second_arm64"],
        "logs": logs(invocations * measured.line_bytes / GB),
    }


def environments_of(invocations_a_second: float, measured: Measured) -> int:
    """Return how many environments it takes: by time, and by what one may take a second."""
    busy = invocations_a_second * measured.billed_ms / 1_000
    return max(1, math.ceil(busy), math.ceil(invocations_a_second / REQUESTS_A_SECOND_EACH))


def gateway(requests: float) -> float:
    """Return what API Gateway takes for them, hits of its cache included."""
    millions = requests / MILLION
    first = min(millions, HTTP_API_FIRST_MILLIONS)
    rest = millions - first
    return first * PRICES["http_api_first_million"] + rest * PRICES["http_api_next_million"]


def logs(gigabytes: float) -> float:
    """Return what CloudWatch takes for so much of Lambda's logs, tier by tier."""
    total, left = 0.0, gigabytes
    for size, price in LOG_TIERS:
        total += min(left, size) * price
        left = max(0.0, left - size)
    return total


def kept_warm(memory_mb: int) -> dict[str, float]:
    """Return what one provisioned environment and one SnapStart version cost a month."""
    gb = memory_mb / 1_024
    return {
        "provisioned": gb * MONTH_SECONDS * PRICES["provisioned_gb_second_arm64"],
        "snapstart_cached": gb * MONTH_SECONDS * PRICES["snapstart_cached_gb_second"],
        "snapstart_million_restores": gb * MILLION * PRICES["snapstart_restored_gb"],
    }


def cost(measured: Measured) -> dict[str, Any]:
    """Return the months of all rates and hit rates."""
    return {
        "billed_ms": measured.billed_ms,
        "memory_mb": measured.memory_mb,
        "kept_warm": kept_warm(measured.memory_mb),
        "months": [
            {"rate": rate, "hit_rate": hit_rate, **month(rate, hit_rate, measured)}
            for hit_rate in HIT_RATES
            for rate in RATES
        ],
    }
