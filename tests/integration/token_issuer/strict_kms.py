"""KMS with what moto leaves out: key states, message sizes, its own time, faults, killed callers.

moto makes the keys and the signatures; what is known of a key is kept here, so that an account
holds no keys but those that a test has put into it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Any

from botocore.exceptions import ClientError

MAX_MESSAGE_BYTES = 4_096
PAGE = 3
"""Keys of a page of `list_keys`, fewer than any test's rotation makes in a year."""


class Killed(BaseException):
    """The process ends here: no handler of the function sees it."""


@dataclass
class Key:
    key_id: str
    created_at: float
    policy: str
    tags: list[dict[str, str]]
    state: str = "Enabled"


@dataclass
class KmsAccount:
    """The keys of an account, and its time."""

    time: Callable[[], float] = lambda: 0.0  # until an issuer with a clock is there
    keys: dict[str, Key] = field(default_factory=dict)

    def enabled(self) -> set[str]:
        return {key.key_id for key in self.keys.values() if key.state == "Enabled"}


class StrictKms:
    """A client of KMS.

    Attributes:
        faults: An error code by operation, or what makes it of the call's arguments.
        killed_after: The operation after which the process is killed, once.
    """

    def __init__(self, moto: Any, account: KmsAccount) -> None:
        self.moto, self.account = moto, account
        self.faults: dict[str, str | Callable[[dict[str, Any]], str | None]] = {}
        self.killed_after = ""
        self.calls: list[str] = []

    def __getattr__(self, operation: str) -> Any:
        answer = getattr(type(self), f"_{operation}")

        def call(**arguments: Any) -> dict[str, Any]:
            self.calls.append(operation)
            fault = self.faults.get(operation)
            code = fault(arguments) if callable(fault) else fault
            if code:
                raise refusal(operation, code)
            done = answer(self, **arguments)
            if operation == self.killed_after:
                self.killed_after = ""
                raise Killed(operation)
            date = formatdate(self.account.time(), usegmt=True)
            return {**done, "ResponseMetadata": {"HTTPHeaders": {"date": date}}}

        return call

    def _create_key(self, **arguments: Any) -> dict[str, Any]:
        made = self.moto.create_key(
            KeySpec=arguments["KeySpec"], KeyUsage=arguments["KeyUsage"], Tags=arguments["Tags"]
        )["KeyMetadata"]
        key = Key(made["KeyId"], self.account.time(), arguments["Policy"], arguments["Tags"])
        self.account.keys[key.key_id] = key
        return {"KeyMetadata": self._metadata(key)}

    def _describe_key(self, **given: Any) -> dict[str, Any]:
        return {"KeyMetadata": self._metadata(self._known("describe_key", given["KeyId"]))}

    def _list_keys(self, **given: Any) -> dict[str, Any]:
        ids, start = list(self.account.keys), int(given.get("Marker", 0))
        page = {"Keys": [{"KeyId": key_id} for key_id in ids[start : start + PAGE]]}
        more = start + PAGE < len(ids)
        return {**page, "Truncated": more, **({"NextMarker": str(start + PAGE)} if more else {})}

    def _list_resource_tags(self, **given: Any) -> dict[str, Any]:
        return {"Tags": self._known("list_resource_tags", given["KeyId"]).tags}

    def _get_public_key(self, **given: Any) -> dict[str, Any]:
        self._known("get_public_key", given["KeyId"])
        return {"PublicKey": self.moto.get_public_key(**given)["PublicKey"]}

    def _schedule_key_deletion(self, **given: Any) -> dict[str, Any]:
        key = self._known("schedule_key_deletion", given["KeyId"])
        if key.state == "PendingDeletion":
            raise refusal("schedule_key_deletion", "KMSInvalidStateException")
        assert given["PendingWindowInDays"] >= 7
        key.state = "PendingDeletion"
        return {}

    def _sign(self, **arguments: Any) -> dict[str, Any]:
        key = self._known("sign", arguments["KeyId"])
        if key.state != "Enabled":
            disabled = key.state == "Disabled"
            raise refusal("sign", "DisabledException" if disabled else "KMSInvalidStateException")
        if len(arguments["Message"]) > MAX_MESSAGE_BYTES:
            raise refusal("sign", "ValidationException")
        return {"Signature": self.moto.sign(**arguments)["Signature"]}

    def _known(self, operation: str, key_id: str) -> Key:
        if key_id not in self.account.keys:
            raise refusal(operation, "NotFoundException")
        return self.account.keys[key_id]

    def _metadata(self, key: Key) -> dict[str, Any]:
        created = datetime.fromtimestamp(key.created_at, UTC)
        return {"KeyId": key.key_id, "KeyState": key.state, "CreationDate": created}


def refusal(operation: str, code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "as the test wants it"}}, operation)
