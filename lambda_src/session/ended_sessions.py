"""Which sessions were ended <-> a DynamoDB table that forgets each once it would be over anyway.

What is sealed in a cookie cannot be taken back, so a copy of the cookie would live on without it.
"""

from function_kit.aws import AWS_ERRORS, AwsClient
from function_kit.revocation.table_keys import TIME_TO_LIVE, Attributes, ended_session_key
from session.browser_session import BrowserSession, session_hash
from session.errors import Unavailable


class EndedSessions:
    """Remembers them.

    Args:
        dynamodb: A client of the SDK.
        table: The name of the table of what was taken back.
    """

    def __init__(self, dynamodb: AwsClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def add(self, session: BrowserSession) -> None:
        """End a session for good. Raises Unavailable."""
        item = {**_key(session), TIME_TO_LIVE: {"N": str(session.ends_at)}}
        try:
            self._dynamodb.put_item(TableName=self._table, Item=item)
        except AWS_ERRORS as error:
            raise _unavailable(error) from None

    def has(self, session: BrowserSession) -> bool:
        """Return whether it was ended. Raises Unavailable."""
        try:
            answer = self._dynamodb.get_item(
                TableName=self._table, Key=_key(session), ConsistentRead=True
            )
        except AWS_ERRORS as error:
            raise _unavailable(error) from None
        return "Item" in answer


def _key(session: BrowserSession) -> Attributes:
    return ended_session_key(session_hash(session.id))


def _unavailable(error: Exception) -> Unavailable:
    return Unavailable("the table does not answer", f"ended_sessions_{type(error).__name__}")
