"""The question that synth asks: would the function start with this?"""

import io
import json
import runpy
from typing import Any

import pytest

from authorizer import check_settings
from authorizer.check_settings import refusal

ISSUER = {"name": "partner", "issuer": "https://login.partner.example", "audiences": ["a"]}
POLICY = '{"version": 2, "routes": {}}'


def environment(**issuer: Any) -> dict[str, str]:
    return {"ISSUERS": json.dumps([{**ISSUER, **issuer}]), "POLICY_FILE": "policy.json"}


def test_what_the_function_starts_with_is_refused_nothing() -> None:
    assert refusal(environment(), POLICY.encode()) is None


def test_a_setting_that_is_wrong_is_told() -> None:
    text = refusal(environment(audiences=[""]), POLICY.encode())
    assert text is not None
    assert text.startswith("ISSUERS[0].audiences: ")


def test_a_policy_that_cannot_be_read_is_told() -> None:
    text = refusal(environment(), b'{"version": 3, "routes": {}}')
    assert text is not None
    assert text.startswith("POLICY_FILE.version: ")


@pytest.mark.parametrize(("issuer", "answer"), [({}, None), ({"issuer": "x"}, "ISSUERS[0].issuer")])
def test_the_command_reads_and_answers_json(
    issuer: dict[str, str],
    answer: str | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = json.dumps({"environment": environment(**issuer), "policy": POLICY})
    monkeypatch.setattr("sys.stdin", io.StringIO(given))
    runpy.run_path(check_settings.__file__, run_name="__main__")
    told = json.loads(capsys.readouterr().out)
    assert told is answer if answer is None else told.startswith(answer)
