"""What docs/operate.md says, held to what it is about."""

import re
from pathlib import Path

from tests.deployment.lacking import LACKING_TYPES

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "operate.md").read_text()


def test_the_page_lists_what_the_emulator_lacks_at_the_version_that_is_pinned() -> None:
    pins = (ROOT / "tests" / "ministack-requirements.txt").read_text()
    pinned = re.search(r"^ministack==([0-9.]+)", pins, re.MULTILINE)
    assert pinned
    assert f"ministack {pinned[1]}." in PAGE
    assert set(re.findall(r"^- `(AWS::[\w:]+)`$", PAGE, re.MULTILINE)) == LACKING_TYPES


def test_the_page_goes_from_the_first_deployment_to_the_removal() -> None:
    named = set(re.findall(r"(?:`|\$ |\$\()make (?:-s )?([a-z-]+)", PAGE))
    assert {"deploy", "diff", "destroy", "outputs", "bootstrap", "rehearse"} <= named
