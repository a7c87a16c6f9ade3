"""What fails at deployment, or would not pass a review, is found in your stages by kept tools."""

import pytest

from app import APP
from tests.synth.deployment_tools import Examination, examine, of_stage
from tests.your_app.stages import DEPLOYED


@pytest.fixture(scope="module")
def examined(tmp_path_factory: pytest.TempPathFactory) -> Examination:
    folder = tmp_path_factory.mktemp("examined") / "cdk.out"
    cases = {stage: of_stage(stage, APP.access) for stage in DEPLOYED}
    return examine(folder, cases, cdk_json=APP.cdk_json)


@pytest.mark.parametrize("stage", DEPLOYED)
def test_the_tools_find_nothing_in_your_stage(stage: str, examined: Examination) -> None:
    assert examined.findings[stage] == []
