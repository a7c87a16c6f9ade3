"""Who asks, and when -> allowed or not yet: a token bucket for each, shared by all environments.

In DynamoDB and not in memory, because Lambda runs many environments and starts new ones under load:
a bucket in each would be no limit. The bucket is one number, the time at which it would be full
again (the generic cell rate algorithm, ITU-T I.371), so that one conditional write both asks and
takes, without a race.
"""

import math
from typing import Final

from function_kit.aws import AWS_ERRORS, CONDITION_FAILED, AwsClient, error_code
from token_issuer.errors import TooManyRequests, Unavailable
from token_issuer.rate import MILLISECONDS, Rate

RETRY_SECONDS: Final = 2


class RateLimit:
    """Buckets of one kind."""

    def __init__(self, dynamodb: AwsClient, table: str, kind: str, rate: Rate) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._kind = kind
        self._rate = rate

    def take(self, who: str, now: float, rate: Rate | None = None) -> None:
        """Take one request out of the bucket.

        Args:
            who: Whose bucket.
            now: Seconds since the epoch.
            rate: Its own rate, if it has one.

        Raises:
            TooManyRequests: It is empty; says when it is not.
            Unavailable: Nobody knows.
        """
        rate, at = rate or self._rate, int(now * MILLISECONDS)
        if self._restart(who, at, rate) or self._continue(who, at, rate):
            return
        raise TooManyRequests(
            "too many requests; keep a token until it expires",
            math.ceil(rate.interval_milliseconds / MILLISECONDS),
            f"{self._kind}_rate_exceeded",
        )

    def _restart(self, who: str, now: int, rate: Rate) -> bool:
        """Start over with a full bucket."""
        interval = rate.interval_milliseconds
        return self._write(
            who,
            "attribute_not_exists(full_at) OR full_at <= :now",
            "SET full_at = :full_at, expires_at = :expires_at",
            {":now": now, ":full_at": now + interval, ":expires_at": _expires_at(now, rate)},
        )

    def _continue(self, who: str, now: int, rate: Rate) -> bool:
        """Take one from a bucket that is not empty."""
        interval = rate.interval_milliseconds
        return self._write(
            who,
            "full_at <= :latest",
            "SET full_at = full_at + :interval, expires_at = :expires_at",
            {
                ":latest": now + (rate.burst - 1) * interval,
                ":interval": interval,
                ":expires_at": _expires_at(now, rate),
            },
        )

    def _write(self, who: str, condition: str, update: str, values: dict[str, int]) -> bool:
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key={"id": {"S": f"{self._kind}:{who}"}},
                ConditionExpression=condition,
                UpdateExpression=update,
                ExpressionAttributeValues={
                    name: {"N": str(value)} for name, value in values.items()
                },
            )
        except AWS_ERRORS as error:
            if error_code(error) == CONDITION_FAILED:
                return False
            raise Unavailable(
                "requests cannot be counted now", RETRY_SECONDS, "rate_limits_unavailable"
            ) from error
        return True


def _expires_at(now: int, rate: Rate) -> int:
    """Return when DynamoDB may delete a bucket, in seconds: it is full by then."""
    lasts = rate.burst * rate.interval_milliseconds
    return math.ceil((now + lasts) / MILLISECONDS) + 1
