"""A revocation -> the list of revocations; and a person's refresh tokens -> ended at the user pool.

Whoever writes gives the clients of the SDK. An entry is only ever added: none is changed or taken
away, so that a reader who asks for what is new misses nothing.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from function_kit.aws import AWS_ERRORS, AwsClient, error_code
from function_kit.revocation.entry import Revocation, new_item
from function_kit.revocation.lifetimes import Lifetimes
from function_kit.revocation.table_keys import TIME_TO_LIVE

BY: Final = "by"
"""The attribute that says who wrote an entry; the reader has no use for it."""

MAX_BY_CHARACTERS: Final = 256

RefreshTokens = Literal["ended", "nobody", "not_ended"]
"""What became of a person's refresh tokens; of nobody there are none."""

_SUB: Final = re.compile(r"[A-Za-z0-9-]{1,128}", re.ASCII)
"""A user pool's; of other characters a filter could say something else."""


class RevocationList:
    """Adds to the list.

    Args:
        dynamodb: A client of the SDK.
        table: The name of the table.
    """

    def __init__(self, dynamodb: AwsClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def add(self, revocation: Revocation, *, now: float, lifetime_seconds: int, by: str) -> int:
        """Add an entry.

        Args:
            revocation: What is refused from now on.
            now: Seconds since the epoch.
            lifetime_seconds: For how long it must last; see `Lifetimes`.
            by: Who asks for it.

        Returns:
            When it may be forgotten, in seconds since the epoch.

        Raises:
            BotoCoreError: No answer.
            ClientError: The table refuses it.
        """
        item = new_item(revocation, now=now, lifetime_seconds=lifetime_seconds)
        item[BY] = {"S": by[:MAX_BY_CHARACTERS]}
        self._dynamodb.put_item(TableName=self._table, Item=item)
        return int(item[TIME_TO_LIVE]["N"])


@dataclass(frozen=True, slots=True)
class Pool:
    """A user pool.

    Attributes:
        id: Its id.
        issuer_name: What the access table calls it as an issuer.
        cognito: A client of the SDK.
    """

    id: str
    issuer_name: str
    cognito: AwsClient


@dataclass(frozen=True, slots=True)
class Refused:
    """What was written.

    Attributes:
        revocation: What is refused.
        forgotten_at: When the entry may be forgotten, in seconds since the epoch.
        refresh_tokens: What became of the person's; None where this is no matter of a person of
            the pool.
    """

    revocation: Revocation
    forgotten_at: int
    refresh_tokens: RefreshTokens | None = None


def refuse(  # keyword-only: where and until when
    revocation: Revocation,
    *,
    revocations: RevocationList,
    pool: Pool,
    lifetimes: Lifetimes,
    now: float,
    by: str,
) -> Refused:
    """Refuse what a revocation says; a person of the pool gets no new tokens by old ones either.

    An entry outlives every token that it hits. Where a refresh token may be left that brings
    another one of the same sign-in, it outlives that too.

    Args:
        revocation: What is refused from now on.
        revocations: The list.
        pool: The user pool.
        lifetimes: How long an entry must last.
        now: Seconds since the epoch.
        by: Who asks for it.

    Raises:
        BotoCoreError: The table does not answer.
        ClientError: The table refuses the entry.
    """

    def add(lifetime_seconds: int) -> int:
        return revocations.add(revocation, now=now, lifetime_seconds=lifetime_seconds, by=by)

    if revocation.kind == "origin_jti":
        return Refused(revocation, add(lifetimes.of_renewals))
    forgotten_at = add(lifetimes.of_tokens)
    if revocation.kind != "sub" or revocation.issuer != pool.issuer_name:
        return Refused(revocation, forgotten_at)
    left = end_refresh_tokens(pool.cognito, pool.id, revocation.value)
    if left == "not_ended":
        forgotten_at = add(lifetimes.of_renewals)
    return Refused(revocation, forgotten_at, left)


def end_refresh_tokens(cognito: AwsClient, pool_id: str, sub: str) -> RefreshTokens:
    """End every refresh token of a person of a user pool ("AdminUserGlobalSignOut").

    Args:
        cognito: A client of the SDK.
        pool_id: The user pool.
        sub: Whose; people of other providers have another user name than this.
    """
    if not _SUB.fullmatch(sub):
        return "nobody"
    try:
        found = cognito.list_users(UserPoolId=pool_id, Filter=f'sub = "{sub}"', Limit=1)["Users"]
        if not found:
            return "nobody"
        cognito.admin_user_global_sign_out(UserPoolId=pool_id, Username=found[0]["Username"])
    except AWS_ERRORS as error:
        return "nobody" if error_code(error) == "UserNotFoundException" else "not_ended"
    return "ended"
