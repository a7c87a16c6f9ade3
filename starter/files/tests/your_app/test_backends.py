import json
from types import ModuleType
from typing import Any

import pytest

import health.handler
import me.handler
import whoami.handler

CALLER = {"sub": "u-1", "client_id": "c-1", "exp": 1}
JWT = {"claims": {"sub": "u-1", "cognito:groups": "[admins]"}, "scopes": None}


def answer(module: ModuleType, authorizer: Any = None) -> tuple[int, Any]:
    context = {"requestId": "r-1", "routeKey": "GET /x", "authorizer": authorizer or {}}
    event = {"routeKey": "GET /x", "headers": {}, "requestContext": context}
    response = module.handler(event, None)
    assert response["headers"]["cache-control"] == "no-store"
    return response["statusCode"], json.loads(response["body"])


def test_health_answers_anyone() -> None:
    assert answer(health.handler) == (200, {"status": "ok"})


def test_me_shows_the_claims_as_the_gateway_hands_them_over() -> None:
    assert answer(me.handler, {"jwt": JWT}) == (200, JWT)


def test_whoami_shows_the_context_of_the_lambda_authorizer() -> None:
    assert answer(whoami.handler, {"lambda": CALLER}) == (200, CALLER)


@pytest.mark.parametrize("module", [me.handler, whoami.handler])
def test_a_backend_refuses_whom_no_authorizer_has_passed(module: ModuleType) -> None:
    assert answer(module)[0] == 403
