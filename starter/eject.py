"""A copy of this checkout -> the same without the sample, under a name of its own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FILES = Path(__file__).parent / "files"
"""What stands in the place of the sample, by its path in the project."""

SAMPLE = (
    "lambda_src/orders",
    "lambda_src/partner_orders",
    "tests/your_app/test_orders.py",
)
REVIEWED = ("tests/your_app/snapshots", "tests/your_app/stateful")
"""What `make snapshot` and `make accept-replacements` write."""

YOURS = ("stacks/access.py", "tests/your_app/test_backends.py", *REVIEWED)
"""What a project changes as a whole: upstream's is never merged into it. `cdk.json` is not among
them, for a new field of a stage has to arrive."""

NONE_OF_THE_SAMPLE: Mapping[str, Any] = {
    "identity_providers": {},
    "issuers": {},
    "http_backends": {},
    "kms_issuer": False,
    "tenant_claim": False,
    "browser_storage_mode": False,
}
"""Fields that every stage has without the sample."""


class ReviewFailed(Exception):
    """What the tests of a project said that cannot be synthesised."""


def eject(project: Path, name: str) -> None:
    """Take the sample out of a project and give the project its name.

    Args:
        project: A copy of this checkout.
        name: As `context.app_name` takes it.
    """
    for path in SAMPLE:
        if (project / path).is_dir():
            shutil.rmtree(project / path)
        else:
            (project / path).unlink()
    shutil.copytree(FILES, project, dirs_exist_ok=True)
    document = json.loads((project / "cdk.json").read_text(encoding="utf-8"))
    document["context"]["app_name"] = name
    for stage in document["context"]["stages"].values():
        stage.update(NONE_OF_THE_SAMPLE)
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    (project / "cdk.json").write_text(text, encoding="utf-8")


def review(project: Path) -> None:
    """Write what `make snapshot` and `make accept-replacements` write of the user's own app.

    Args:
        project: Whose tests are run, by this Python.

    Raises:
        ReviewFailed: The app cannot be synthesised.
    """
    for folder in REVIEWED:
        for path in (project / folder).glob("*.json"):
            path.unlink()
    tests = ("tests/your_app/test_snapshots.py", "tests/your_app/test_replacements.py")
    done = subprocess.run(  # noqa: S603  # our own tests
        [sys.executable, "-m", "pytest", "-q", "--no-header", *tests],
        cwd=project,
        env={**os.environ, "UPDATE_SNAPSHOTS": "1", "ACCEPT_REPLACEMENTS": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ReviewFailed(f"{project} cannot be synthesised:\n{done.stdout}")
