"""A request's id -> what the logs of a deployed stage say, read from moto's server of logs."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from stacks.deployment.__main__ import main
from stacks.deployment.errors import CommandRefused
from stacks.deployment.logged import Logs
from tests.saved_queries import queries

DECISIONS, REQUESTS = "jwt-authorizer-dev-api-TokenAuthorizerLogs", "jwt-authorizer-dev-api-Access"
ID = "JKJaXmPLvHcESHA="
REGION = "eu-west-1"
DECISION = {
    "level": "INFO",
    "message": "decision",
    "outcome": "denied",
    "route_key": "DELETE /orders/{id}",
    "request_id": ID,
    "token": "72ac63540605ae3a",
    "issuer": "https://issuer.example",
    "kid": "key-1",
    "sub": "ann",
    "detail": "admins",
    "reason": "missing_group",
    "timestamp": "2026-11-29T01:50:00.000+00:00",
}
REQUEST = {"requestId": ID, "routeKey": "DELETE /orders/{id}", "status": "403"}


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def logs(aws: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    for name, value in {
        "AWS_ENDPOINT_URL": aws,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
    }.items():
        monkeypatch.setenv(name, value)
    kept = {"jwt-authorizer-dev-api": {"AuthorizerLogGroup": DECISIONS, "AccessLogGroup": REQUESTS}}
    (tmp_path / "dev.outputs.json").write_text(json.dumps(kept))
    client = boto3.client("logs", region_name=REGION)
    for group in (DECISIONS, REQUESTS):
        client.create_log_group(logGroupName=group)
        client.create_log_stream(logGroupName=group, logStreamName="s")
    yield client
    for group in (DECISIONS, REQUESTS):
        client.delete_log_group(logGroupName=group)
    client.close()


def write(client: Any, group: str, *lines: object) -> None:
    events = [
        {
            "timestamp": int(time.time() * 1000) - 1000,
            "message": line if isinstance(line, str) else json.dumps(line),
        }
        for line in lines
    ]
    client.put_log_events(logGroupName=group, logStreamName="s", logEvents=events)


def run(folder: Path, *arguments: str, stage: str = "dev") -> int:
    return main(
        [
            *("explain", "--stage", stage, "--app", "tests.sample.app", "--folder", str(folder)),
            *(arguments or (f"--request-id={ID}",)),
        ]
    )


def test_the_decision_is_told_in_words_with_the_saved_query_that_finds_it(
    logs: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    other = {**DECISION, "request_id": "another=", "reason": "token_expired"}
    write(logs, DECISIONS, "REPORT RequestId: 1", other, {"message": "keys"}, DECISION)
    write(logs, REQUESTS, {**REQUEST, "requestId": "another="}, REQUEST)
    assert run(tmp_path) == 0
    out, err = capfd.readouterr()
    assert err == ""
    query = queries()["why-was-it-refused"].replace("REQUEST_ID", ID)
    assert query in out
    assert f"In {DECISIONS} and {REQUESTS}, since " in out
    said = " ".join(out.split())
    assert f"Request {ID}, 2026-11-29T01:50:00.000+00:00: DELETE /orders/{{id}} was refused" in said
    assert "Verdict: 403 missing_group: admins" in said
    assert "Fix: If the person may:" in said
    assert "token_expired" not in said


@pytest.mark.parametrize(
    ("request_line", "said"),
    [
        (REQUEST, "DELETE /orders/{id} was answered 403. The authorizer has no line"),
        (
            {**REQUEST, "status": "401", "authorizerError": "token \x1b is expired"},
            "The gateway says of its authorizer: token \\x1b is expired.",
        ),
        ({**REQUEST, "authorizerError": "-"}, "was answered 403. The authorizer has no line"),
    ],
)
def test_a_decision_out_of_the_gateways_cache_has_no_line_and_it_says_so(
    logs: Any,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    request_line: dict[str, str],
    said: str,
) -> None:
    write(logs, DECISIONS, {**DECISION, "request_id": "the-first="})
    write(logs, REQUESTS, request_line)
    assert run(tmp_path) == 0
    out = " ".join(capfd.readouterr().out.split())
    assert said in out
    assert "a decision out of the gateway's cache has none" in out
    assert re.search(r"that is up to \d+ s older: look for that with where-a-token-was-used", out)
    assert "public, or of the built-in authorizer, never has one" in out


def test_nothing_logged_says_how_to_look_further_back(
    logs: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    long_ago = int((time.time() - 3 * 3600) * 1000)
    logs.put_log_events(
        logGroupName=DECISIONS,
        logStreamName="s",
        logEvents=[{"timestamp": long_ago, "message": json.dumps(DECISION)}],
    )
    assert run(tmp_path, f"--request-id={ID}", "--hours", "2") == 0
    assert "HOURS=168 looks a week back" in capfd.readouterr().out
    assert run(tmp_path, f"--request-id={ID}", "--hours", "4") == 0
    assert "missing_group" in capfd.readouterr().out


def test_what_cannot_be_asked_is_one_line(
    logs: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, '--request-id=x" or 1 = "1') == 1
    assert capfd.readouterr().err.startswith("explain: REQUEST_ID: not a request's id")
    assert run(tmp_path / "elsewhere") == 1
    assert "make deploy STAGE=dev writes it" in capfd.readouterr().err
    logs.delete_log_group(logGroupName=REQUESTS)
    assert run(tmp_path) == 1
    err = capfd.readouterr().err
    assert err.startswith("explain: the logs cannot be read: ")
    assert err.count("\n") == 1
    logs.create_log_group(logGroupName=REQUESTS)


class Slow:
    """What AWS answers of a query, in turn; moto has every result at once."""

    def __init__(self, *statuses: str) -> None:
        self.statuses = [*statuses]
        self.stopped = False

    def client(self, *_: object, **__: object) -> "Slow":
        return self

    def start_query(self, **_: object) -> dict[str, str]:
        return {"queryId": "q"}

    def get_query_results(self, **_: object) -> dict[str, Any]:
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return {"status": status, "results": []}

    def stop_query(self, **_: object) -> None:
        self.stopped = True


@pytest.mark.parametrize(
    ("statuses", "says"),
    [
        (("Scheduled", "Running", "Complete"), None),
        (("Running", "Failed"), "the query ended as Failed"),
        (("Running",), "the query has not ended after 120 s"),
    ],
)
def test_a_query_is_waited_for_and_its_end_told(
    monkeypatch: pytest.MonkeyPatch, statuses: tuple[str, ...], says: str | None
) -> None:
    slow = Slow(*statuses)
    monkeypatch.setattr(boto3.session, "Session", lambda: slow)
    slept: list[float] = []
    lines = Logs(REGION, ["g"], slept.append).lines("q", 0, 1)
    if says is None:
        assert list(lines) == []
        assert slept == [0.5, 0.5]
    else:
        with pytest.raises(CommandRefused, match=says):
            list(lines)
    assert slow.stopped is (statuses == ("Running",))
