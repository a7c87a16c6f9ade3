"""Who asks, and when -> allowed or not yet: a token bucket for each, shared by all environments.

In DynamoDB and not in memory, because Lambda runs many environments and starts new ones under load:
a bucket in each would be no limit. The bucket is one number, the time at which it would be full
again (the generic cell rate algorithm, ITU-T I.371), so that one conditional write both asks and
takes, without a race.
"""

import math
from dataclasses import dataclass
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from token_issuer.aws import AwsClient
from token_issuer.errors import TooManyRequests, Unavailable

RETRY_SECONDS: Final = 2
MILLISECONDS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Rate:
    """How much is allowed: `burst` at once, then `per_second` on the average."""

    per_second: float
    burst: int

    @property
    def interval_milliseconds(self) -> int:
        """The time that one request takes from the bucket."""
        return math.ceil(MILLISECONDS / self.per_second)


SOURCE_RATE: Final = Rate(per_second=5, burst=50)
"""For one network, before anything is looked up: many clients may stand behind one address."""

CLIENT_RATE: Final = Rate(per_second=1, burst=60)
"""For one client, once it is known: a client that keeps its tokens needs a few an hour."""


class RateLimit:
    """Buckets of one kind."""

    def __init__(self, dynamodb: AwsClient, table: str, kind: str, rate: Rate) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._kind = kind
        self._rate = rate

    def take(self, who: str, now: float) -> None:
        """Take one request out of the bucket.

        Args:
            who: Whose bucket.
            now: Seconds since the epoch.

        Raises:
            TooManyRequests: It is empty; says when it is not.
            Unavailable: Nobody knows.
        """
        now_milliseconds = int(now * MILLISECONDS)
        if self._restart(who, now_milliseconds) or self._continue(who, now_milliseconds):
            return
        raise TooManyRequests(
            "too many requests; keep a token until it expires",
            math.ceil(self._rate.interval_milliseconds / MILLISECONDS),
            f"{self._kind}_rate_exceeded",
        )

    def _restart(self, who: str, now: int) -> bool:
        """A full bucket, or none yet."""
        interval = self._rate.interval_milliseconds
        return self._write(
            who,
            "attribute_not_exists(full_at) OR full_at <= :now",
            "SET full_at = :full_at, expires_at = :expires_at",
            {":now": now, ":full_at": now + interval, ":expires_at": self._expires_at(now)},
        )

    def _continue(self, who: str, now: int) -> bool:
        """A bucket with something in it."""
        interval = self._rate.interval_milliseconds
        return self._write(
            who,
            "full_at <= :latest",
            "SET full_at = full_at + :interval, expires_at = :expires_at",
            {
                ":latest": now + (self._rate.burst - 1) * interval,
                ":interval": interval,
                ":expires_at": self._expires_at(now),
            },
        )

    def _expires_at(self, now: int) -> int:
        """When DynamoDB may forget the bucket, in seconds: it is full by then."""
        lasts = self._rate.burst * self._rate.interval_milliseconds
        return math.ceil((now + lasts) / MILLISECONDS) + 1

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
        except (BotoCoreError, ClientError) as error:
            if isinstance(error, ClientError) and (
                error.response["Error"]["Code"] == "ConditionalCheckFailedException"
            ):
                return False
            raise Unavailable(
                "requests cannot be counted now", RETRY_SECONDS, "rate_limits_unavailable"
            ) from error
        return True
