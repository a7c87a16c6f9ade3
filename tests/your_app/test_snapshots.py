"""The whole templates of your app, so that a change of any property is seen in review."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.synth.reviewed import hold_to_snapshot
from tests.synth.synthesis import Synthesis
from tests.your_app.stages import DEPLOYED

SNAPSHOTS = Path(__file__).parent / "snapshots"
STACKS = ("identity", "api")


@pytest.mark.parametrize("stage", DEPLOYED)
@pytest.mark.parametrize("stack", STACKS)
def test_a_template_is_the_reviewed_one(
    stage: str, stack: str, synthesised: Mapping[str, Synthesis]
) -> None:
    hold_to_snapshot(getattr(synthesised[stage], stack), SNAPSHOTS / f"{stage}-{stack}.json")


def test_there_is_no_snapshot_of_a_stage_that_is_gone() -> None:
    wanted = {f"{stage}-{stack}.json" for stage in DEPLOYED for stack in STACKS}
    for path in SNAPSHOTS.glob("*.json"):
        if path.name not in wanted and os.environ.get("UPDATE_SNAPSHOTS") == "1":
            path.unlink()
    assert {path.name for path in SNAPSHOTS.glob("*.json")} == wanted, "make snapshot"
