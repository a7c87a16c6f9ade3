"""cdk.json's `route_throttles` -> the limits of single routes, by route key. Imports no CDK."""

from collections.abc import Mapping
from dataclasses import dataclass

from aws_jwt_authorizer import field_checks as check
from stacks.stage.config_fields import ConfigFields

MOST_REQUESTS = 10_000
"""A second, of all APIs of an account in a region ("Quotas", API Gateway developer guide)."""

LIMIT = check.integer(1, MOST_REQUESTS)
FIELDS = ("rate_per_second", "burst")


@dataclass(frozen=True, slots=True)
class Throttle:
    """How much one route lets through.

    Attributes:
        rate_per_second: Requests that it takes in the long run.
        burst: Requests that it takes at once.
    """

    rate_per_second: int
    burst: int


def route_throttles(
    fields: ConfigFields,
    _loopback: bool,  # noqa: FBT001  # the signature of every reader in fields.PARTS
) -> Mapping[str, Throttle]:
    """Read `{"POST /orders": {"rate_per_second": 10, "burst": 20}}`.

    Whether the access table has such a route is for `table_of_stage` to say.

    Raises:
        ConfigInvalid: One line that names the field.
    """
    return {key: _throttle(part) for key, part in fields.parts()}


def _throttle(part: ConfigFields) -> Throttle:
    part.only(FIELDS)
    rate, burst = (int(str(part.take(name, LIMIT))) for name in FIELDS)
    return Throttle(rate, burst)
