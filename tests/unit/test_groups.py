import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.groups import ALONE, HERE, SHARING, group_of, rank_of

SHARED = "\n".join(f"def test_{number}(worker_id):\n    print(worker_id)\n" for number in range(6))
CONFTEST = """
from pathlib import Path
from tests import groups
from tests.conftest import pytest_xdist_make_scheduler
groups.HERE = Path(__file__).parent
"""


def test_tests_of_a_folder_that_shares_run_in_one_process(tmp_path: Path) -> None:
    folder = tmp_path / "suite" / "synth"
    folder.mkdir(parents=True)
    (tmp_path / "suite" / "conftest.py").write_text(CONFTEST)
    for name in ("test_a.py", "test_b.py"):
        (folder / name).write_text(SHARED)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "suite" / "test_alone.py").write_text(SHARED)
    command = [sys.executable, "-m", "pytest", "-n2", "-v", "-p", "no:cacheprovider"]
    ran = subprocess.run(
        [*command, "suite"],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{HERE.parent}:{HERE.parent / 'lambda_src'}"},
        capture_output=True,
        text=True,
        check=True,
    )
    processes: dict[str, set[str]] = {}
    for process, test in re.findall(r"\[(gw\d)\].* PASSED suite/(\S+)::", ran.stdout):
        processes.setdefault(group_of(HERE / test), set()).add(process)
    assert {group: len(used) for group, used in processes.items()} == {
        "synth": 1,
        "test_alone.py": 1,
    }


@pytest.mark.parametrize("named", [*SHARING, *ALONE])
def test_every_group_that_is_named_is_a_folder_or_file(named: str) -> None:
    assert (HERE / named).exists()


def test_groups_that_take_long_begin_first() -> None:
    assert rank_of(ALONE[0]) < rank_of(SHARING[0]) < rank_of(group_of(HERE / "unit/test_groups.py"))
