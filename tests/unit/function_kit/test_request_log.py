import json
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

import authorizer.audit
import session.audit
import token_issuer.audit
from authorizer.decision_line import DecisionLines
from authorizer.events import RequestOrigin
from authorizer.route import RouteKey
from function_kit.metrics_namespace import NAMESPACE
from jwt_verifier.errors import TokenExpired
from session.errors import SignInFailed
from token_issuer.access_token import Grant
from token_issuer.errors import RequestInvalid

EVENT = {
    "requestContext": {"requestId": "r-1", "http": {"sourceIp": "203.0.113.7"}},
    "routeKey": "GET /orders",
}
FORGED = 'x"}\u2028\u0085\n{"outcome":"allowed"é'
GRANT = Grant("https://issuer.example", "orders", "billing", ("a", "b"), 1, 900, "t-1")


def of_the_authorizer(reason: str) -> None:
    with _audit().of(RequestOrigin(RouteKey("GET /orders"), "r-1")) as record:
        record.rejected(TokenExpired(reason))


def _audit() -> authorizer.audit.Audit:
    lines = DecisionLines(NAMESPACE, "authorizer", "dev")
    return authorizer.audit.Audit(lines, time.time, authorizer.audit.print_line)


def of_the_session(reason: str) -> None:
    with session.audit.Audit("dev").of(EVENT) as record:
        record.refused(SignInFailed("words", reason))


def of_the_issuer(reason: str) -> None:
    with token_issuer.audit.Audit("dev").of(EVENT) as record:
        record.refused(RequestInvalid("words", reason))


WRITERS: Mapping[str, Callable[[str], None]] = {
    "authorizer": of_the_authorizer,
    "session": of_the_session,
    "token_issuer": of_the_issuer,
}


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("service", WRITERS)
def test_no_value_forges_a_second_line(service: str, capsys: pytest.CaptureFixture[str]) -> None:
    WRITERS[service](FORGED)
    out = capsys.readouterr().out
    line, *metrics = [json.loads(line) for line in out.splitlines()]
    assert out.isascii()
    assert FORGED in (line["reason"], line.get("detail"))
    assert ["_aws" in each for each in (line, *metrics)].count(True) == 1


@pytest.mark.parametrize("service", WRITERS)
def test_a_line_says_who_writes_it_and_when_in_universal_time(
    service: str, capsys: pytest.CaptureFixture[str]
) -> None:
    WRITERS[service]("why")
    line = written(capsys)[0]
    assert line["service"] == service
    assert datetime.fromisoformat(line["timestamp"]).utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("service", "name", "reason"),
    [
        ("authorizer", "rejected", "token_expired"),
        ("session", "SessionRefused", "why"),
        ("token_issuer", "refused", "why"),
    ],
)
def test_a_metric_is_counted_by_service_and_reason(
    service: str, name: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    WRITERS[service]("why")
    metric = next(line for line in written(capsys) if "_aws" in line)
    declared = metric["_aws"]["CloudWatchMetrics"][0]
    assert declared["Namespace"] == NAMESPACE == "JwtAuthorizer"
    assert declared["Dimensions"] == [["service", "stage"], ["service", "stage", "reason"]]
    assert metric["stage"] == "dev"
    assert (metric["service"], metric["reason"], metric[name]) == (service, reason, [1.0])


def test_the_lines_of_the_session_have_the_fields_that_alarms_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with session.audit.Audit("dev").of(EVENT) as record:
        record.signed_out("no_endpoint", is_whole=False, subject="s-1", session="5e")
    line, signed_out, incomplete = written(capsys)
    assert {name: line[name] for name in list(line)[4:]} == {
        "outcome": "signed_out",
        "reason": "ok",
        "request_id": "r-1",
        "route": "GET /orders",
        "source_ip": "203.0.113.7",
        "revocation": "no_endpoint",
        "subject": "s-1",
        "session": "5e",
    }
    assert signed_out["SessionSignedOut"] == incomplete["SessionSignOutIncomplete"] == [1.0]
    assert (signed_out["reason"], incomplete["reason"]) == ("ok", "no_endpoint")


def test_the_lines_of_the_issuer_have_the_fields_that_alarms_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with token_issuer.audit.Audit("dev").of(EVENT) as record:
        record.authenticated("billing")
        record.passed_over("k-1", "kms_DisabledException")
        record.issued(GRANT, "k-2")
    refused_key, _, line, _ = written(capsys)
    assert (refused_key["kid"], refused_key["reason"]) == ("k-1", "kms_DisabledException")
    assert {name: line[name] for name in list(line)[4:]} == {
        "outcome": "issued",
        "reason": "ok",
        "request_id": "r-1",
        "client_id": "billing",
        "jti": "t-1",
        "scope": "a b",
        "kid": "k-2",
    }


@pytest.mark.parametrize("service", ["session", "token_issuer"])
def test_a_request_that_an_error_ends_is_written_as_failed(
    service: str, capsys: pytest.CaptureFixture[str]
) -> None:
    audits: dict[str, Any] = {
        "session": session.audit.Audit("dev"),
        "token_issuer": token_issuer.audit.Audit("dev"),
    }
    with pytest.raises(KeyError), audits[service].of(EVENT):
        raise KeyError
    line = written(capsys)[0]
    assert (line["outcome"], line["reason"]) == ("failed", "internal_error")
