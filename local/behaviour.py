"""Every behaviour that AWS does not document -> its evidence, and what we chose.

`behaviour.toml` has a row for each, with the test that holds it; the values that code
needs are named here and in their rows, and nowhere else. Where nobody measured, the stricter is
chosen.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

Evidence = Literal["O", "I", "?"]
"""Observed on AWS by a named third party; inferred; nobody's measurement found."""

HEAD_TOO_LARGE: Final = (431, "Request Header Fields Too Large")
BODY_TOO_LARGE: Final = (413, "Request Entity Too Large")
EVENT_TOO_LARGE: Final = (413, "Request Entity Too Large")
THROTTLED: Final = (429, "Too Many Requests")
LATE_INTEGRATION: Final = (503, "Service Unavailable")
UNREACHABLE_INTEGRATION: Final = (503, "Service Unavailable")
"""Status, and the message of the body."""

ROUTABLE_METHODS: Final = frozenset(("GET", "PUT", "POST", "HEAD", "PATCH", "DELETE", "OPTIONS"))
JWT_LEEWAY_SECONDS: Final = 0
LAMBDA_AUTHORIZER_CHALLENGE: Final = "Bearer"
REMAPPED_CHALLENGE: Final = "x-amzn-remapped-www-authenticate"
MAX_HTTP_RESPONSE_BYTES: Final = 10 * 1024 * 1024

_TABLE = Path(__file__).with_name("behaviour.toml")


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One undocumented behaviour.

    Args:
        point: What it is about.
        evidence: How well it is known.
        source: Who found it, or what it is concluded from.
        choice: What the local gateway does.
        test: Who holds it: `file.py::test` under `tests/e2e/gateway`.
        constant: The value in this module that is the choice, or None.
    """

    point: str
    evidence: Evidence
    source: str
    choice: str
    test: str
    constant: str | None = None


def read_behaviours() -> tuple[Behaviour, ...]:
    """The whole table."""
    rows = tomllib.loads(_TABLE.read_text(encoding="utf-8"))["behaviours"]
    return tuple(Behaviour(**row) for row in rows)
