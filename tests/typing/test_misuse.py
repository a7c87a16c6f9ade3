import re
import subprocess
import sys
from pathlib import Path

MISUSE = Path(__file__).parent / "should_not_typecheck.py"


def test_the_type_checker_refuses_every_marked_line_and_no_other() -> None:
    lines = MISUSE.read_text().splitlines()
    marked = {number for number, line in enumerate(lines, 1) if "# refused:" in line}
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict-equality", str(MISUSE)],
        cwd=MISUSE.parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    refused = {int(number) for number in re.findall(r"typecheck\.py:(\d+): error", run.stdout)}
    assert refused == marked, run.stdout
    assert len(marked) == 8
