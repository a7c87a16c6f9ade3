import json

from local.gateway.access_log import Exchange
from local.this_app.decision_log import DecisionLog


def exchange(request_id: str, decided_in: str | None, reason: str = "") -> Exchange:
    return Exchange(
        request_id, "GET", "/orders", "GET /orders", 403, reason, decided_in, 0, 1, None
    )


def decision(request_id: str, reason: str) -> str:
    line = {"message": "decision", "request_id": request_id, "outcome": "denied", "reason": reason}
    return json.dumps(line)


def test_a_decision_is_told_by_the_authorizers_reason() -> None:
    log = DecisionLog(lambda _name, _line: None)
    log.on_line("authorizer", decision("r1", "missing_scope:orders/write"))
    assert log.reason(exchange("r1", "r1")) == "missing_scope:orders/write"


def test_a_kept_decision_is_told_as_such() -> None:
    log = DecisionLog(lambda _name, _line: None)
    log.on_line("authorizer", decision("r1", "allowed"))
    assert log.reason(exchange("r2", "r1")) == "allowed (cached)"


def test_without_an_authorizer_the_gateways_reason_counts() -> None:
    log = DecisionLog(lambda _name, _line: None)
    assert log.reason(exchange("r1", None, "no route matches")) == "no route matches"


def test_lines_of_a_persons_interest_are_shown_and_others_are_not() -> None:
    shown: list[tuple[str, str]] = []
    log = DecisionLog(lambda name, line: shown.append((name, line)))
    log.on_line("authorizer", decision("r1", "allowed"))
    log.on_line("authorizer", '{"_aws": {"CloudWatchMetrics": []}, "allowed": 1}')
    log.on_line("authorizer", "[ERROR] Unauthorized: Unauthorized\nTraceback")
    for line in ("plain text", "{not json", '{"message": "other"}', '["decision"]'):
        log.on_line("orders", line)
    assert [line for _, line in shown] == [
        "plain text",
        "{not json",
        '{"message": "other"}',
        '["decision"]',
    ]
