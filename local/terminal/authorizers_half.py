"""`python -m authorizer.explain`, in a process of its own: no code of a function is shared."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

from local.surroundings import ROOT


def authorizers_half(text: str, arguments: Sequence[str], settings: Mapping[str, str]) -> int:
    """Let it say its part where this process does, and return its exit status.

    Args:
        text: Its standard input: a token, which stands nowhere else.
        arguments: Of its command line.
        settings: The authorizer's variables.
    """
    sys.stdout.flush()
    done = subprocess.run(  # noqa: S603 - our own interpreter and module; no shell
        [sys.executable, "-m", "authorizer.explain", *arguments],
        cwd=ROOT / "lambda_src",
        env={**os.environ, **settings},
        input=text,
        text=True,
        check=False,
    )
    return done.returncode
