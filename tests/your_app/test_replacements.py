"""What your stages hold stays where it is, unless you say that it may go."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.synth.replacements import hold_to_record
from tests.synth.synthesis import Synthesis
from tests.your_app.stages import DEPLOYED

RECORDS = Path(__file__).parent / "stateful"


@pytest.mark.parametrize("stage", DEPLOYED)
def test_a_deployment_replaces_nothing_that_holds_something(
    stage: str, synthesised: Mapping[str, Synthesis]
) -> None:
    hold_to_record(synthesised[stage].folder, RECORDS / f"{stage}.json")
