import json
from datetime import UTC, datetime

import pytest

import tickets.handler
import tickets.needs
from local.loopback.listener import listen_on_loopback
from local.loopback.wsgi_server import WsgiServer
from tests.your_app.played_tables import REGION, PlayedTables


@pytest.fixture(autouse=True)
def table(monkeypatch):
    server = WsgiServer(PlayedTables(tickets.needs.NEEDS.tables), listen_on_loopback())
    monkeypatch.setenv("TICKETS_TABLE", "tickets")
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tickets")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    tickets.handler.table.cache_clear()
    yield
    tickets.handler.table().meta.client.close()
    server.stop()


def call(sub, key):
    caller = {"lambda": {"sub": sub, "issuer_name": "cognito"}}
    context = {"requestId": "r", "authorizer": caller}
    answer = tickets.handler.handler({"routeKey": key, "requestContext": context}, None)
    return answer["statusCode"], json.loads(answer["body"])


def test_a_ticket_is_the_callers_own():
    status, ticket = call("ada", "POST /tickets")
    assert status == 201
    assert call("ada", "GET /tickets") == (200, {"tickets": [ticket]})
    assert call("bob", "GET /tickets") == (200, {"tickets": []})


def test_a_ticket_is_due_on_the_third_working_day():
    assert tickets.handler.due_on(datetime(2026, 11, 27, tzinfo=UTC)) == "2026-12-01"
