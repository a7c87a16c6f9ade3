"""docs/clients.md: its table and its stage are taken by synth, and its warning is synth's."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from aws_jwt_authorizer.access import rules
from aws_jwt_authorizer.access.clients.reach import unreachable
from aws_jwt_authorizer.access.table_checks import check_table
from stacks.stage.app_clients import stage_clients
from stacks.stage.config import stage_config
from tests.sample.access import ACCESS
from tests.sample.paths import STAGES

PAGE = (Path(__file__).parents[3] / "docs" / "clients.md").read_text(encoding="utf-8")
[PYTHON] = re.findall(r"```python\nCLIENTS = (.*?)\n```", PAGE, re.DOTALL)
[STAGE] = re.findall(r"```json\n(.*?)\n```", PAGE, re.DOTALL)
[WARNING] = re.findall(r"```text\n(.*?)\n```", PAGE)


def test_the_clients_of_the_page_and_what_its_stage_says_of_them_fit() -> None:
    clients: Any = eval(PYTHON, {name: getattr(rules, name) for name in rules.__all__})  # noqa: S307  # our own page
    table = replace(ACCESS, clients=clients)
    check_table(table)
    config = stage_config("dev", {"dev": {**STAGES["dev"], **json.loads(f"{{{STAGE}}}")}})
    assert [item.client for item in stage_clients(table, config)] == list(clients)
    kinds = {kind: [type(item).__name__ for item in clients].count(kind) for kind in KINDS}
    assert kinds == {"WebClient": 2, "NativeClient": 1, "MachineClient": 2}


KINDS = ("WebClient", "NativeClient", "MachineClient")


def test_the_warning_of_the_page_is_synths() -> None:
    table = replace(ACCESS, clients=(rules.WebClient("web", ("orders/read",)),))
    assert WARNING in list(unreachable(table, page=False))
