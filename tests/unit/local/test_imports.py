"""What a command of the local stack imports before it knows that there is something to serve."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
DEAR = ("boto3", "botocore", "cryptography", "moto", "werkzeug")


def test_a_command_imports_neither_sdk_nor_moto_before_it_has_forgotten_others_settings() -> None:
    program = f"import sys, local.__main__; print([m for m in {DEAR} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
