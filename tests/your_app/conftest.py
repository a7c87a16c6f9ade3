from pathlib import Path

import pytest

from app import APP
from tests.synth.synthesis import Synthesis, synthesise
from tests.your_app.stages import DEPLOYED


@pytest.fixture(scope="session")
def synthesised(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Synthesis]:
    """The templates of each stage that is deployed, by its name."""
    return {
        stage: synthesise(
            _folder(tmp_path_factory, stage), stage, access=APP.access, cdk_json=APP.cdk_json
        )
        for stage in DEPLOYED
    }


def _folder(factory: pytest.TempPathFactory, stage: str) -> Path:
    return factory.mktemp("your_app") / stage
