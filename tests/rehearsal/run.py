"""Apply each edit to a copy of this checkout and run make there: `python -m tests.rehearsal.run test`.

The copy shares what `make setup` has made. Snapshots are written anew, as `make snapshot` does, and
an edit that takes away what holds something accepts that, as `make accept-replacements` does;
everything else must be green as it is. With test-mine, an edit with other app clients has its demo
too.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tests.rehearsal.edits import EDITS, LOSING, REVIEWED, WITH_OTHER_CLIENTS

AT_ONCE = {"test-mine": 2, "test": 1}
"""Whole test runs fill two cores on their own."""

ROOT = Path(__file__).resolve().parents[2]
SHARED = (".bytecode", ".venv", ".wheels", "node_modules")
NOT_COPIED = shutil.ignore_patterns(
    *SHARED,
    *(".git", ".local", ".coverage*", ".hypothesis", ".pytest_cache", "__pycache__"),
    *("cdk.out", "dist", "rehearsal"),
)


def checkout_in(folder: Path) -> Path:
    """A copy of this checkout without the rehearsal itself."""
    checkout = folder / "checkout"
    shutil.copytree(ROOT, checkout, ignore=NOT_COPIED)
    for name in SHARED:
        if (ROOT / name).exists():
            (checkout / name).symlink_to(ROOT / name)
    return checkout


def rehearse(name: str, target: str) -> bool:
    """Apply one edit and run one target of make; say how it went."""
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        checkout = checkout_in(Path(folder))
        EDITS[name](checkout)
        written = {} if name in REVIEWED else {"UPDATE_SNAPSHOTS": "1"}
        accepted = {"ACCEPT_REPLACEMENTS": "1"} if name in LOSING else {}
        with_demo = target == "test-mine" and name in WITH_OTHER_CLIENTS
        targets = [target, "demo"] if with_demo else [target]
        began = time.monotonic()
        done = subprocess.run(
            # By their own path, the packages have the bytecode that they had here.
            ["make", "--no-print-directory", f"BIN={ROOT / '.venv' / 'bin'}", *targets],
            cwd=checkout,
            env={**os.environ, **written, **accepted},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        seconds = time.monotonic() - began
        shutil.rmtree(f"{ROOT}/.venv/.bytecode{checkout}", ignore_errors=True)
    if done.returncode:
        print(done.stdout)
    print(
        f"{name}: make {' '.join(targets)} {'FAILED' if done.returncode else 'ok'}, {seconds:.0f} s"
    )
    return done.returncode == 0


def main(arguments: Sequence[str]) -> int:
    """Run the edits that are named, or all; return 1 if one is not green."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=("test-mine", "test"))
    parser.add_argument("--only", choices=EDITS, help="one edit")
    options = parser.parse_args(arguments)
    names = [options.only] if options.only else list(EDITS)
    with ThreadPoolExecutor(AT_ONCE[options.target]) as pool:
        green = list(pool.map(partial(rehearse, target=options.target), names))
    return 0 if all(green) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
