"""The table's item -> PublishedKeys, at most a minute old; an hour, while DynamoDB is down.

An old ring is a good one: every key in it was published for hours before it signs, and
`key_rotation.plan` counts on no ring older than this.
"""

from collections.abc import Callable
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from token_issuer.aws import AwsClient
from token_issuer.errors import RingInvalid, Unavailable
from token_issuer.published_keys import PublishedKeys, parse_keys

FRESH_SECONDS: Final = 60.0
MAX_AGE_SECONDS: Final = 3_600.0
RETRY_SECONDS: Final = 5

Clock = Callable[[], float]
"""Returns seconds since the epoch: an environment may sleep, and only this clock does not."""


class KeyRing:
    """The published keys, cached for an execution environment, which serves one request at once."""

    def __init__(self, dynamodb: AwsClient, table: str, clock: Clock) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._clock = clock
        self._keys: PublishedKeys | None = None
        self._read_at = 0.0

    def keys(self) -> PublishedKeys:
        """The published keys.

        Raises:
            Unavailable: They cannot be read, and none in hand are young enough.
        """
        age_seconds = self._clock() - self._read_at
        if self._keys and 0 <= age_seconds < FRESH_SECONDS:
            return self._keys
        try:
            self._keys = self._read()
        except (BotoCoreError, ClientError, RingInvalid) as error:
            if self._keys and 0 <= age_seconds < MAX_AGE_SECONDS:
                return self._keys
            raise Unavailable(
                "the signing keys cannot be read now", RETRY_SECONDS, "key_ring_unavailable"
            ) from error
        self._read_at = self._clock()
        return self._keys

    def _read(self) -> PublishedKeys:
        item = self._dynamodb.get_item(
            TableName=self._table, Key={"id": {"S": "signing-keys"}}, ConsistentRead=True
        ).get("Item")
        if item is None or "S" not in item.get("keys", {}):
            raise RingInvalid("the table holds no key ring; invoke the key rotation")
        return parse_keys(item["keys"]["S"])
