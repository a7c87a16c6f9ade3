"""Two answers to one request -> the fields in which they differ."""

import http.client
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

from tests.differential.cases import Case
from tests.differential.ministack import ServedApi

ANSWER_SECONDS: Final = 40
HEADERS: Final = ("content-type", "location", "set-cookie", "www-authenticate")
ABSENT: Final = "absent"
PRESENT: Final = "present"
SHORT: Final = 60

OWN_VALUES: Final = frozenset(
    {
        "headers.host",
        "headers.x-amzn-trace-id",
        "headers.x-forwarded-port",
        "requestContext.apiId",
        "requestContext.domainName",
        "requestContext.domainPrefix",
        "requestContext.extendedRequestId",
        "requestContext.requestId",
        "requestContext.requestTime",
        "requestContext.requestTimeEpoch",
        "requestContext.time",
        "requestContext.timeEpoch",
    }
)
"""Fields of an event whose values each gateway makes; only that they are there is compared."""


@dataclass(frozen=True)
class Difference:
    """One field of the answers to one case, as text."""

    case: str
    field: str
    ours: str
    theirs: str


def ask(api: ServedApi, case: Case) -> dict[str, str]:
    """Send a case and return the answer's fields by name."""
    with closing(http.client.HTTPConnection("127.0.0.1", api.port, timeout=ANSWER_SECONDS)) as link:
        link.request(case.method, case.path, case.body, {**case.headers, "host": api.host})
        response = link.getresponse()
        body = response.read()
        fields = {"status": str(response.status)}
        for name in HEADERS:
            values = response.headers.get_all(name, [])
            fields |= {f"header {name}": ", ".join(values)} if values else {}
    return fields | _body_fields(body)


def differences(case: Case, ours: dict[str, str], theirs: dict[str, str]) -> Iterator[Difference]:
    """The fields that differ, in the order of their names.

    Answers of another status, or events of another format, differ in everything: that is one.
    """
    names = sorted(ours.keys() | theirs.keys())
    for decisive in ("status", "version"):
        if ours.get(decisive) != theirs.get(decisive):
            names = [decisive]
            break
    for name in names:
        left, right = ours.get(name, ABSENT), theirs.get(name, ABSENT)
        if left != right:
            yield Difference(case.name, name, left[:SHORT], right[:SHORT])


def _body_fields(body: bytes) -> dict[str, str]:
    try:
        document = json.loads(body)
    except ValueError:
        return {"body": body.decode(errors="replace")}
    if not isinstance(document, dict):
        return {"body": json.dumps(document)}
    return dict(_flat("", document))


def _flat(prefix: str, document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in document.items():
        path = f"{prefix}{name}"
        if isinstance(value, dict) and value:
            yield from _flat(f"{path}.", value)
        else:
            yield path, PRESENT if path in OWN_VALUES else json.dumps(value, sort_keys=True)
