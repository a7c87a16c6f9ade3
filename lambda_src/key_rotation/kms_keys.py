"""When a key begins to sign -> a new key of KMS, and back to nothing. The only user of KMS.

A private half never leaves KMS. Each key has a policy that names the two roles which may use it,
and a tag with its issuer's name, by which a key that no ring names is found again.
"""

import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final

from botocore.exceptions import ClientError

from function_kit.aws import AwsClient
from function_kit.key_ring import SigningKey
from key_rotation.errors import ClockWrong
from key_rotation.public_jwk import public_jwk
from key_rotation.settled import A_MINUTE, FIVE_MINUTES, KEY_IS_NEW, ROLE_IS_NEW, Sleep, settled

OWNER_TAG: Final = "jwt-authorizer-issuer"
PENDING_DAYS: Final = 7
"""The shortest that KMS allows: by then nothing has needed the key for a day."""

CLOCK_TOLERANCE_SECONDS: Final = 300
"""AWS itself refuses a request that is signed with a clock further away."""

_GONE: Final = frozenset({"KMSInvalidStateException", "NotFoundException"})
_NOT_OURS: Final = frozenset({"AccessDeniedException", "NotFoundException"})


@dataclass(frozen=True, slots=True)
class KeyState:
    """A key as KMS knows it.

    Attributes:
        kms_key_id: Its id.
        usable: Whether it may sign: it is neither disabled nor pending deletion.
        ending: Whether it is pending deletion.
        created_at: When KMS made it, by KMS's clock, in seconds since the epoch.
    """

    kms_key_id: str
    usable: bool
    ending: bool
    created_at: float


class KmsKeys:
    """The keys of one issuer.

    Every answer of KMS bears KMS's time: a clock of ours that differs stops the run.

    Args:
        kms: A client of the SDK.
        owner: The issuer's name, the value of the tag.
        policy: The policy of its keys.
        clock: Returns seconds since the epoch.
        sleep: Waits.
    """

    def __init__(
        self,
        kms: AwsClient,
        owner: str,
        policy: Mapping[str, object],
        clock: Callable[[], float],
        *,
        sleep: Sleep = time.sleep,
    ) -> None:
        self._kms = kms
        self._owner = owner
        self._policy = json.dumps(policy)
        self._clock = clock
        self._sleep = sleep

    def create(self, signs_from: int) -> SigningKey:
        """Make a key that is to sign from `signs_from`, in seconds since the epoch.

        RSA with 2048 bits, because API Gateway's built-in authorizer verifies nothing but RSA.

        Raises:
            ClientError: KMS makes no key, or does not give its public half. A key that is there
                then is found by its tag later.
        """
        made = settled(
            lambda: self._call(
                "create_key",
                KeySpec="RSA_2048",
                KeyUsage="SIGN_VERIFY",
                Description=f"Signs access tokens of {self._owner}",
                Policy=self._policy,
                # KMS requires that the creator of a key may change its policy later. This role must
                # not: the account's administrators may.
                BypassPolicyLockoutSafetyCheck=True,
                Tags=[{"TagKey": OWNER_TAG, "TagValue": self._owner}],
            ),
            ROLE_IS_NEW,
            A_MINUTE,
            self._sleep,
        )
        return self.adopt(made["KeyMetadata"]["KeyId"], signs_from)

    def adopt(self, key_id: str, signs_from: int) -> SigningKey:
        """Turn an existing key into one that signs from `signs_from`."""
        answer = settled(
            lambda: self._call("get_public_key", KeyId=key_id),
            KEY_IS_NEW,
            FIVE_MINUTES,
            self._sleep,
        )
        return SigningKey(key_id, signs_from, public_jwk(answer["PublicKey"]))

    def state(self, key_id: str) -> KeyState:
        """Return what KMS knows of a key; a deleted key is unusable and already ended."""
        try:
            metadata = self._call("describe_key", KeyId=key_id)["KeyMetadata"]
        except ClientError as error:
            if error.response["Error"]["Code"] == "NotFoundException":
                return KeyState(key_id, usable=False, ending=True, created_at=0.0)
            raise
        return KeyState(
            key_id,
            usable=metadata["KeyState"] == "Enabled",
            ending=metadata["KeyState"] == "PendingDeletion",
            created_at=metadata["CreationDate"].timestamp(),
        )

    def owned(self, besides: Collection[str]) -> list[KeyState]:
        """Return every key with our tag that is not ending, oldest first.

        Args:
            besides: Ids of keys that are known already, and left out.
        """
        unknown = (key_id for key_id in self._ids() if key_id not in besides)
        states = [self.state(key_id) for key_id in unknown if self._has_our_tag(key_id)]
        return sorted(
            (state for state in states if not state.ending), key=lambda state: state.created_at
        )

    def delete(self, key_id: str) -> None:
        """Delete a key, or leave it if that has been done already."""
        try:
            self._call("schedule_key_deletion", KeyId=key_id, PendingWindowInDays=PENDING_DAYS)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _GONE:
                raise

    def _ids(self) -> Iterator[str]:
        """Yield the ids of all keys of the account and region."""
        start: dict[str, str] = {}
        while True:
            page = self._call("list_keys", **start)
            yield from (key["KeyId"] for key in page["Keys"])
            if not page.get("Truncated"):
                return
            start = {"Marker": page["NextMarker"]}

    def _has_our_tag(self, key_id: str) -> bool:
        try:
            tags = self._call("list_resource_tags", KeyId=key_id)["Tags"]
        except ClientError as error:
            if error.response["Error"]["Code"] in _NOT_OURS:
                return False
            raise
        return {"TagKey": OWNER_TAG, "TagValue": self._owner} in tags

    def _call(self, operation: str, **arguments: object) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = getattr(self._kms, operation)(**arguments)
        sent = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
        if sent:
            ahead = self._clock() - parsedate_to_datetime(sent).timestamp()
            if abs(ahead) > CLOCK_TOLERANCE_SECONDS:
                raise ClockWrong(f"our clock is {ahead:+.0f} s from that of KMS; nothing was done")
        return answer
