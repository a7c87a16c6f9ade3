"""What the one table's items are found by: ended sessions one by one, revocations as a list."""

from typing import Final

LIST: Final = "list"
ENTRY: Final = "entry"
TIME_TO_LIVE: Final = "expires_at"
"""DynamoDB deletes an item some time after this, up to days later ("Time to Live", DynamoDB
developer guide)."""

REVOCATIONS: Final = "revocations"
"""The list that the authorizer reads; nothing else stands in it."""

_ENDED: Final = "ended"

Attributes = dict[str, dict[str, str]]
"""As DynamoDB's API has them: by name, each with its type."""


def ended_session_key(session_hash: str) -> Attributes:
    """Return the key of a session that was ended: each is a list of its own.

    Args:
        session_hash: what stands for its id.
    """
    return {LIST: {"S": f"session#{session_hash}"}, ENTRY: {"S": _ENDED}}
