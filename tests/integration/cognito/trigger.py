"""A pool with a pre-token-generation trigger, and what stands where its function would."""

import json
import queue
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from local.runtime.outcome import Outcome, Succeeded
from local.template.pool_config import PreTokenConfig

from .conftest import CLIENTS, Cognito, pool_config, serve
from .http_client import claims, tokens_by_code


@dataclass
class Function:
    """Stands where a Lambda function would: takes an event, answers what a test tells it to."""

    events: list[dict[str, Any]] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)
    outcomes: "queue.SimpleQueue[Outcome]" = field(default_factory=queue.SimpleQueue)
    details: Any = None

    def __call__(self, name: str, event: bytes, limit_seconds: float) -> Outcome:
        assert name == "trigger"
        self.events.append(json.loads(event))
        self.limits.append(limit_seconds)
        if not self.outcomes.empty():
            return self.outcomes.get()
        answer = json.loads(event)
        answer["response"] = {"claimsAndScopeOverrideDetails": self.details}
        return Succeeded(json.dumps(answer).encode())


@dataclass(frozen=True)
class Triggered:
    cognito: Cognito
    function: Function

    def sign_in(self, details: Any) -> tuple[Any, Any]:
        """The claims of access and ID token of the admin, who signs in on the page."""
        self.function.details = details
        tokens = tokens_by_code(self.cognito)
        return claims(tokens["access_token"]), claims(tokens["id_token"])


def triggered(pool_id: str, version: str) -> Iterator[Triggered]:
    function = Function()
    pool = replace(pool_config(pool_id, *CLIENTS), pre_token=PreTokenConfig("trigger", version))
    for cognito in serve(pool, invoke=function):
        yield Triggered(cognito, function)


def access(**changes: Any) -> dict[str, Any]:
    return {"accessTokenGeneration": changes}


def identity(**changes: Any) -> dict[str, Any]:
    return {"idTokenGeneration": changes}
