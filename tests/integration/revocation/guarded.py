"""The authorizer with revocation on, and what it answers."""

import json
from dataclasses import dataclass, field
from typing import Any

from authorizer.authorize import Authorizer
from authorizer.errors import RevocationsUnavailable
from authorizer.handler import build
from authorizer.policy import RoutePolicy
from authorizer.response import Unauthorized
from authorizer.settings import Settings
from tests.alarms import STAGE
from tests.integration.revocation.conftest import REGION, TABLE
from tests.issuer import Issuer
from tests.policies import policy_document
from tests.unit.jwt_verifier.conftest import Clock

ROUTE = "GET /orders"
MOST_TRIES = 100
POLICY = policy_document({ROUTE: {"scopes_all": ["orders/read"]}})


@dataclass
class Guarded:
    """One environment of the function.

    Attributes:
        table_url: Where DynamoDB is.
        wall: Its clock, from the time of the real one on.
        lines: What it has written of decisions.
    """

    issuer: Issuer
    table_url: str
    wall: Clock
    monotonic: Clock = field(default_factory=lambda: Clock(0.0))
    unreadable: str = "closed"
    table: str = TABLE
    lines: list[str] = field(default_factory=list)
    authorizer: Authorizer = field(init=False)

    def __post_init__(self) -> None:
        issuers = [{"name": "partner", "issuer": self.issuer.url, "audiences": ["api"]}]
        settings = Settings.from_env(
            {"ISSUERS": json.dumps(issuers), "POLICY_FILE": "unread", "STAGE": STAGE}
        )
        self.authorizer = build(
            settings,
            RoutePolicy.from_json(POLICY),
            wall_clock=self.wall,
            monotonic_clock=self.monotonic,
            write=self.lines.append,
            environment={
                "REVOCATION_TABLE": self.table,
                "REVOCATION_LIST_AGE_SECONDS": "5",
                "REVOCATION_UNREADABLE": self.unreadable,
                "AWS_REGION": REGION,
                "AWS_ENDPOINT_URL_DYNAMODB": self.table_url,
                "AWS_ACCESS_KEY_ID": "test",
                "AWS_SECRET_ACCESS_KEY": "test",
                "AWS_SESSION_TOKEN": "test",
            },
        )

    def status(self, token: str) -> int:
        """Answer a call as the gateway would."""
        try:
            answer = self.authorizer(event(token))
        except Unauthorized:
            return 401
        except RevocationsUnavailable:
            return 500
        return 200 if answer["isAuthorized"] else 403

    def settled(self, token: str) -> int:
        """Answer a call, once more whenever a busy machine has not read the table in time."""
        for _ in range(MOST_TRIES):
            status = self.status(token)
            if status != 500 or "answer within" not in self.reason[1]:
                return status
            self.monotonic.seconds += 1
        raise AssertionError("the table is never read in time")

    @property
    def reason(self) -> tuple[str, str]:
        """Reason and detail of the last decision."""
        line = json.loads(self.lines[-1])
        return line["reason"], line.get("detail", "")


def event(token: str) -> dict[str, Any]:
    """What the gateway sends for a call with a token."""
    return {
        "routeKey": ROUTE,
        "identitySource": [f"Bearer {token}", ROUTE],
        "headers": {"authorization": f"Bearer {token}"},
        "requestContext": {"requestId": "r-1", "routeKey": ROUTE},
    }
