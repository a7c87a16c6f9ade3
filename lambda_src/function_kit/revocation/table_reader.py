"""The list of revocations in DynamoDB -> a page of its items, or ListUnreadable.

One signed call without the SDK, whose import takes longer than a cold start may.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from function_kit.revocation.aws_signature import Call, signed_headers
from function_kit.revocation.entry import ISSUED_BEFORE, ISSUER, KIND, VALUE
from function_kit.revocation.errors import ListUnreadable
from function_kit.revocation.role_credentials import RoleCredentials
from function_kit.revocation.table_keys import ENTRY, LIST, REVOCATIONS, TIME_TO_LIVE
from jwt_verifier.freshness import Clock
from jwt_verifier.https import HTTP_OK, Answer, NoAnswer, Request, ask

PAGE_ITEMS: Final = 2_000
"""So few that a page comes well within the time that a caller waits for."""

MAX_PAGE_BYTES: Final = 8 * 1024 * 1024
"""DynamoDB ends a page at 1 MB of data ("Query", DynamoDB API); its JSON names every attribute."""

_NAMES: Final = (ENTRY, KIND, ISSUER, VALUE, ISSUED_BEFORE, TIME_TO_LIVE)
_HEADERS: Final = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": "DynamoDB_20120810.Query",
}


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the list, in the order of writing.

    Attributes:
        items: as DynamoDB answers with them, untrusted.
        last: the key of the entry that the next page comes after; None if this is the last one.
    """

    items: list[object]
    last: str | None


@dataclass(frozen=True, slots=True)
class TableReader:
    """Reads one table.

    Attributes:
        endpoint: the URL of DynamoDB, without a path.
        region: where the table is.
        table: its name.
        credentials: of a role that may read it.
        clock: the monotonic one.
        page_items: how many entries to ask for at once.
    """

    endpoint: str
    region: str
    table: str
    credentials: RoleCredentials = field(repr=False)
    clock: Clock
    page_items: int = PAGE_ITEMS

    def page(self, after: str | None, now: float, timeout_seconds: float) -> Page:
        """Return what is written behind an entry, by a strongly consistent read.

        Args:
            after: the key of an entry, or a time; None for all of the list.
            now: seconds since the epoch.
            timeout_seconds: for all of it.

        Raises:
            ListUnreadable: no answer in time, a refusal, or not such an answer.
        """
        deadline = self.clock() + timeout_seconds
        content = json.dumps(self._query(after)).encode()
        call = Call(self.endpoint, "dynamodb", self.region, _HEADERS, content)
        credentials = self.credentials.get(now, timeout_seconds)
        request = Request(
            f"{self.endpoint}/",
            content=content,
            headers=signed_headers(call, credentials, now),
            max_body_bytes=MAX_PAGE_BYTES,
            read_errors=True,
        )
        try:
            answer = ask(request, max(0.0, deadline - self.clock()))
        except NoAnswer as error:
            raise ListUnreadable(str(error)) from None
        return page_of(answer, after)

    def _query(self, after: str | None) -> Mapping[str, object]:
        condition, values = "#list = :list", {":list": {"S": REVOCATIONS}}
        if after is not None:
            condition, values = (
                f"{condition} AND #entry > :after",
                {**values, ":after": {"S": after}},
            )
        names = [f"#{name}" for name in _NAMES]
        return {
            "TableName": self.table,
            "ConsistentRead": True,
            "Limit": self.page_items,
            "KeyConditionExpression": condition,
            "ProjectionExpression": ", ".join(names),
            "ExpressionAttributeNames": {f"#{name}": name for name in (LIST, *_NAMES)},
            "ExpressionAttributeValues": values,
        }


def page_of(answer: Answer, after: str | None) -> Page:
    """Read an answer, whatever it holds. Raises ListUnreadable."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ListUnreadable(f"answered {answer.status}, and not an object of JSON")
    if answer.status != HTTP_OK:
        kind = str(found.get("__type", "")).rpartition("#")[2]
        raise ListUnreadable(f"answered {answer.status}: {kind:.64}")
    items, key = found.get("Items"), found.get("LastEvaluatedKey")
    if not isinstance(items, list):
        raise ListUnreadable("answered without items")
    return Page(items, None if key is None else _last(key, after))


def _last(key: object, after: str | None) -> str:
    """Return where the next page begins, which must be further on: reading must come to an end."""
    entry = key.get(ENTRY) if isinstance(key, dict) else None
    last = entry.get("S") if isinstance(entry, dict) else None
    if not isinstance(last, str) or last <= (after or ""):
        raise ListUnreadable("answered with a page that leads nowhere")
    return last
