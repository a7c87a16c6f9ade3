"""The whole templates, so that a change of any property is seen in review."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.synth.synthesis import Synthesis

SNAPSHOTS = Path(__file__).parent / "snapshots"
ASSET_HASH = re.compile(r"\b[0-9a-f]{64}\b")


@pytest.mark.parametrize("stage", ["dev", "prod"])
@pytest.mark.parametrize("stack", ["identity", "api"])
def test_a_template_is_the_reviewed_one(
    stage: str, stack: str, request: pytest.FixtureRequest
) -> None:
    made: Synthesis = request.getfixturevalue(stage)
    text = normalised(getattr(made, stack))
    snapshot = SNAPSHOTS / f"{stage}-{stack}.json"
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        snapshot.write_text(text, encoding="utf-8")
    assert text == snapshot.read_text(encoding="utf-8"), "if you want it so: make snapshot"


def normalised(template: dict[str, Any]) -> str:
    """The template without asset hashes, which follow every change of any source file."""
    return ASSET_HASH.sub("<asset hash>", json.dumps(template, indent=2)) + "\n"
