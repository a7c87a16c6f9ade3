"""The CDK app -> a cloud assembly folder for the stage `local`.

The rule: plain `python app.py`, no CDK command line; two runs never write at the same time.
"""

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

from local.errors import SynthFailed

ROOT = Path(__file__).resolve().parent.parent
"""The repository: where `app.py` stands."""

LOCAL_FOLDER = ROOT / ".local"
"""Everything that the local stack writes."""

SYNTH_SECONDS = 300


def synthesize(stage: str) -> Path:
    """Synthesise the app for a stage and return the cloud assembly's folder.

    Args:
        stage: A key of `context.stages` in cdk.json.

    Raises:
        SynthFailed: The app ended with an error; the message is its own last line.
    """
    LOCAL_FOLDER.mkdir(exist_ok=True)
    assembly = LOCAL_FOLDER / "cdk.out"
    with (LOCAL_FOLDER / "synth.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            finished = subprocess.run(  # noqa: S603 - our own interpreter and app; no shell
                [sys.executable, str(ROOT / "app.py")],
                cwd=ROOT,
                env={
                    **os.environ,
                    "CDK_CONTEXT_JSON": json.dumps({"stage": stage}),
                    "CDK_OUTDIR": str(assembly),
                    "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
                },
                capture_output=True,
                text=True,
                timeout=SYNTH_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise SynthFailed(f"synth took more than {SYNTH_SECONDS} seconds") from error
    if finished.returncode:
        raise SynthFailed(f"synth failed: {_last_line(finished.stderr or finished.stdout)}")
    return assembly


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
