"""A deployed user pool -> who is known by an address, an invitation, a membership.

The operations are those of the Amazon Cognito user pools API reference.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from stacks.deployment.caller import Caller
from stacks.deployment.deployed_outputs import CALLS
from stacks.deployment.errors import CommandRefused

INVITED = "FORCE_CHANGE_PASSWORD"
"""The status of somebody who has a temporary password and has not signed in with it."""

USABLE = (INVITED, "CONFIRMED", "RESET_REQUIRED")
NO_RIGHT = "AccessDeniedException"
NOT_THERE = ("ResourceNotFoundException", "UserNotFoundException")
NO_MAIL = ("CodeDeliveryFailureException", "LimitExceededException")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the pool.

    Attributes:
        status: In Cognito's words.
        enabled: Whether the person may sign in.
        email_verified: Whether the address is the person's for certain.
        since: When the account was made.
        groups: What the person is in.
    """

    status: str
    enabled: bool
    email_verified: bool
    since: date
    groups: tuple[str, ...]


class PoolPeople:
    """The people of one pool.

    Args:
        pool_id: The pool's.
        who: Whose credentials the environment has, and where the pool is.

    Attributes:
        temporary_password_days: How long an invitation is good for.
        second_factor: Whether everybody needs one.
    """

    def __init__(self, pool_id: str, who: Caller) -> None:
        session = boto3.session.Session()
        self._client = session.client("cognito-idp", region_name=who.region, config=CALLS)
        self._pool_id = pool_id
        with _asking():
            pool = self._client.describe_user_pool(UserPoolId=pool_id)["UserPool"]
        policy = pool.get("Policies", {}).get("PasswordPolicy", {})
        self.temporary_password_days = policy.get("TemporaryPasswordValidityDays", 7)
        self.second_factor = pool.get("MfaConfiguration") == "ON"

    def has_group(self, group: str) -> bool:
        """Return whether the pool has a group of this name."""
        try:
            with _asking():
                self._client.get_group(UserPoolId=self._pool_id, GroupName=group)
        except _Missing:
            return False
        return True

    def find(self, email: str) -> Person | None:
        """Return who signs in with an address; somebody of another provider never does."""
        try:
            with _asking():
                found = self._client.admin_get_user(UserPoolId=self._pool_id, Username=email)
        except _Missing:
            return None
        with _asking():
            listed = self._client.get_paginator("admin_list_groups_for_user")
            pages = listed.paginate(UserPoolId=self._pool_id, Username=email)
            groups = tuple(item["GroupName"] for page in pages for item in page["Groups"])
        attributes = {item["Name"]: item["Value"] for item in found["UserAttributes"]}
        return Person(
            status=found["UserStatus"],
            enabled=found["Enabled"],
            email_verified=attributes.get("email_verified") == "true",
            since=found["UserCreateDate"].date(),
            groups=groups,
        )

    def invite(self, email: str) -> None:
        """Make an account and have Cognito send its temporary password, which nobody else sees."""
        with _asking():
            self._client.admin_create_user(
                UserPoolId=self._pool_id,
                Username=email,
                UserAttributes=[
                    {"Name": "email", "Value": email},
                    {"Name": "email_verified", "Value": "true"},
                ],
                DesiredDeliveryMediums=["EMAIL"],  # without it Cognito tries a text message
            )

    def invite_again(self, email: str) -> None:
        """Have Cognito send a new temporary password, good from now on."""
        with _asking():
            self._client.admin_create_user(
                UserPoolId=self._pool_id,
                Username=email,
                MessageAction="RESEND",
                DesiredDeliveryMediums=["EMAIL"],
            )

    def add(self, email: str, group: str) -> None:
        """Put somebody into a group."""
        with _asking():
            self._client.admin_add_user_to_group(
                UserPoolId=self._pool_id, Username=email, GroupName=group
            )


class _Missing(CommandRefused):
    """What was asked for is not there."""


@contextmanager
def _asking() -> Iterator[None]:
    """Say in one line what Cognito refuses.

    Raises:
        CommandRefused: With the operation and the reason.
    """
    try:
        yield
    except ClientError as error:
        said, asked = error.response["Error"], f"cognito-idp:{error.operation_name}"
        if said["Code"] == NO_RIGHT:
            raise CommandRefused(
                f"these credentials may not {asked}: ask for that right, or sign in as somebody "
                "who has it"
            ) from error
        reason = " ".join(said["Message"].split())
        if said["Code"] in NO_MAIL:
            reason += '; docs/user-pool.md, "Mail", says what an invitation needs'
        refusal = _Missing if said["Code"] in NOT_THERE else CommandRefused
        raise refusal(f"Cognito refuses {asked}: {reason}") from error
    except BotoCoreError as error:
        raise CommandRefused(f"Cognito cannot be asked: {error}") from error
