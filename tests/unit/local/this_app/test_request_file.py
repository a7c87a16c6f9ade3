"""What a running stack keeps of its requests, for another process to look up."""

import json
import stat
from pathlib import Path

import pytest

from local.gateway.access_log import Exchange
from local.this_app import request_file
from local.this_app.decision_log import DecisionLog
from local.this_app.request_file import Answered, RequestFile, answered, request_path


def exchange(request_id: str, decided_in: str | None) -> Exchange:
    return Exchange(request_id, "GET", "/x", "GET /x", 200, "why", decided_in, 0.0, 1, None)


def decision(request_id: str) -> str:
    return json.dumps({"message": "decision", "request_id": request_id, "reason": "allowed"})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return request_path(tmp_path / "outputs.json")


def test_a_request_is_found_with_the_decision_that_it_was_answered_by(path: Path) -> None:
    log = DecisionLog(lambda _name, _line: None)
    log.on_exchange(exchange("before", None))
    kept = RequestFile(path)
    log.keep_with(kept.keep)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    log.on_line("authorizer", decision("first"))
    for request_id, decided_in in (("first", "first"), ("cached", "first"), ("public", None)):
        log.on_exchange(exchange(request_id, decided_in))
    first, cached, public = (answered(path, each) for each in ("first", "cached", "public"))
    assert first.decision == cached.decision == json.loads(decision("first"))
    assert cached.request is not None
    assert cached.request["decided_in"] == "first"
    assert (public.request is not None, public.decision) == (True, None)
    assert answered(path, "before") == answered(path, "unknown") == Answered(None, None)
    kept.remove()
    kept.keep({"late": True})
    with pytest.raises(FileNotFoundError):
        answered(path, "first")


def test_only_the_newest_are_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_file, "_LINES", 2)
    kept = RequestFile(path)
    for number in range(5):
        kept.keep({"answered": str(number)})
    found = [n for n in range(5) if answered(path, str(n)).request]
    assert found == [2, 3, 4]
    with path.open("a") as file:
        file.write('{"half')
    assert answered(path, "4").request == {"answered": "4"}
    kept.remove()
    assert list(path.parent.iterdir()) == []
