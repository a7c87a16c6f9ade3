from pathlib import Path

import pytest

from tests.synth.reviewed import hold_to_snapshot


@pytest.mark.parametrize("reviewed", ['{"Resources": {}}\n', None])
def test_a_changed_template_says_what_to_run(
    tmp_path: Path, reviewed: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UPDATE_SNAPSHOTS", raising=False)
    snapshot = tmp_path / "dev-api.json"
    if reviewed:
        snapshot.write_text(reviewed)
    with pytest.raises(AssertionError, match=r"dev-api\.json: if you want it so: make snapshot"):
        hold_to_snapshot({"Resources": {"New": {}}}, snapshot)
    monkeypatch.setenv("UPDATE_SNAPSHOTS", "1")
    hold_to_snapshot({"Resources": {"New": {}}}, snapshot)
    monkeypatch.delenv("UPDATE_SNAPSHOTS")
    hold_to_snapshot({"Resources": {"New": {}}}, snapshot)
