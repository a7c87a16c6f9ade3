"""No configuration that synth accepts is one that a deployment would refuse."""

import pytest

from tests.synth.deployment_tools import Examination, examine
from tests.synth.odd_configurations import odd_configurations

CONFIGURATIONS = odd_configurations()


@pytest.fixture(scope="module")
def examined(tmp_path_factory: pytest.TempPathFactory) -> Examination:
    folder = tmp_path_factory.mktemp("odd") / "cdk.out"
    return examine(folder, CONFIGURATIONS, preflight_alone=True)


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_an_odd_configuration_can_be_deployed(name: str, examined: Examination) -> None:
    assert examined.findings[name] == []
