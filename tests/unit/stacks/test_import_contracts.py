"""That no function is forgotten where the contracts say who may import whom."""

import tomllib
from pathlib import Path

from stacks.function_sources import FUNCTIONS

CONTRACTS = tomllib.loads(
    (Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8")
)["tool"]["importlinter"]


def test_every_function_is_independent_of_every_other() -> None:
    [independence] = [item for item in CONTRACTS["contracts"] if item["type"] == "independence"]
    assert set(independence["modules"]) == FUNCTIONS | {"stacks", "local"}
    assert set(CONTRACTS["root_packages"]) == set(independence["modules"])
