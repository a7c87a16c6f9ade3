"""Requests that tell the authorizer's function what to answer."""

import json
from typing import Any

from .conftest import Answer, Api


def ask(api: Api, path: str, verdict: Any = None, credential: str | None = "t") -> Answer:
    headers = [] if credential is None else [("authorization", credential)]
    if verdict is not None:
        headers.append(("x-verdict", json.dumps(verdict)))
    return api.call("GET", path, headers)


def returns(**answer: Any) -> Any:
    return {"return": answer}


def policy(*statements: Any, **more: Any) -> Any:
    return returns(
        principalId="someone",
        policyDocument={"Version": "2012-10-17", "Statement": list(statements)},
        **more,
    )


def statement(effect: str, *resources: str, action: Any = "execute-api:Invoke") -> Any:
    return {"Effect": effect, "Action": action, "Resource": list(resources)}


def context_of(answer: Answer) -> Any:
    assert answer.status == 200, answer
    return answer.json["requestContext"]["authorizer"]


def seen(answer: Answer) -> tuple[int, Any]:
    return answer.status, answer.json
