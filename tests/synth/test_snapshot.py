"""The sample's whole templates, so that a change of any property is seen in review."""

from pathlib import Path

import pytest

from tests.synth.reviewed import hold_to_snapshot
from tests.synth.synthesis import Synthesis

SNAPSHOTS = Path(__file__).parent / "snapshots"


@pytest.mark.parametrize(
    ("stage", "stack"),
    [
        ("dev", "identity"),
        ("dev", "api"),
        ("prod", "identity"),
        ("prod", "api"),
        ("prod", "operations"),
        ("with_issuer", "operations"),
    ],
)
def test_a_template_is_the_reviewed_one(
    stage: str, stack: str, request: pytest.FixtureRequest
) -> None:
    made: Synthesis = request.getfixturevalue(stage)
    hold_to_snapshot(made.template(stack), SNAPSHOTS / f"{stage}-{stack}.json")
