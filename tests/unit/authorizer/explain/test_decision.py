"""A decision's line, in words."""

import io
import json
from typing import Any

import pytest

from authorizer.explain.__main__ import USAGE_ERROR, main
from authorizer.explain.decision import in_words
from authorizer.explain.table import COLUMNS, Ink

LINE: dict[str, Any] = {
    "message": "decision",
    "outcome": "denied",
    "route_key": "DELETE /orders/{id}",
    "request_id": "JKJaXmPLvHcESHA=",
    "token": "72ac63540605ae3a",
    "issuer": "https://issuer.example",
    "kid": "key-1",
    "sub": "ann",
    "client_id": "",
    "detail": "admins",
    "reason": "missing_group",
    "timestamp": "2026-11-29T01:50:00.000+00:00",
}


def words(**changes: Any) -> list[str]:
    return list(in_words({**LINE, **changes}, Ink(is_on=False)))


def test_a_line_is_told_with_what_was_verified_the_verdict_and_the_fix() -> None:
    said = words()
    assert " ".join(said[:2]) == (
        "Request JKJaXmPLvHcESHA=, 2026-11-29T01:50:00.000+00:00: DELETE /orders/{id} was "
        "refused: a good token without permission."
    )
    assert said[2:6] == [
        "    token's fingerprint  72ac63540605ae3a",
        "    issuer               https://issuer.example",
        "    key                  key-1",
        "    subject              ann",
    ]
    assert "Verdict: 403 missing_group: admins" in said
    assert "    The person is not in a group that the rule asks for." in said
    assert any(line.startswith("    Fix: If the person may:") for line in said)


def test_before_a_good_signature_it_says_that_nothing_more_is_known() -> None:
    unknown = {name: LINE[name] for name in ("request_id", "timestamp", "route_key")}
    said = list(
        in_words(
            {**unknown, "outcome": "rejected", "reason": "signature_invalid"}, Ink(is_on=False)
        )
    )
    assert "    Nothing more is known of the token: no signature of it was found good." in said
    assert "Verdict: 401 signature_invalid" in said
    known = words(outcome="rejected", reason="client_mismatch", offending='"cli"')
    assert not any("Nothing more is known" in line for line in known)
    assert '    refused for          "cli"' in known


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("allowed", "was let in."),
        ("failed", "got no decision: the fault is not the caller's."),
        ("of another version", "was decided about."),
    ],
)
def test_each_outcome_has_its_words(outcome: str, said: str) -> None:
    assert " ".join(words(outcome=outcome)[:2]).endswith(said)


def test_no_value_of_a_line_does_anything_to_a_terminal() -> None:
    said = words(sub="\x1b[2J\n" + "x" * 100, detail="\u202e\x07", route_key="\r")
    assert all(line.isascii() and line.isprintable() for line in said)
    assert max(map(len, said)) <= COLUMNS


def test_a_line_comes_on_standard_input(capsys: pytest.CaptureFixture[str]) -> None:
    out = io.StringIO()
    assert main(["--line"], {}, io.StringIO(json.dumps(LINE)), out) == 0
    assert out.getvalue().splitlines() == words()
    for text in ("", "[]", "REPORT RequestId: 1"):
        assert main(["--line"], {}, io.StringIO(text), out) == USAGE_ERROR
    assert capsys.readouterr().err.count("is not one line of the authorizer's log") == 3
