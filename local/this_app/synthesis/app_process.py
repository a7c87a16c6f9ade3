"""A process of the CDK app: started, then run once, its error in one line."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from local.errors import SynthFailed
from local.surroundings import ROOT

SYNTH_SECONDS = 300

_PLACE = re.compile(rf'File "{re.escape(str(ROOT))}/(?!\.venv/)([^"]+)", line (\d+)')
_TRACEBACK = "Traceback (most recent call last):"


class AppProcess:
    """Plain `python -m app`; `run` or `stop` must be called in the end.

    Made by `started`, which begins at once, or by `prepared`, which imports CDK and then waits for
    `run`: of the seconds that a synthesis takes that is most.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    @classmethod
    def started(cls, stage: str, app_module: str, assembly: Path) -> "AppProcess":
        """Start the app for a stage; it writes into the assembly's folder."""
        return cls(_start([app_module], stage, assembly))

    @classmethod
    def prepared(cls, stage: str, app_module: str, assembly: Path) -> "AppProcess":
        """Start a process that runs the app for a stage when it is told to, and not before."""
        return cls(_start(["local.this_app.synthesis.waiting_app", app_module], stage, assembly))

    def run(self) -> None:
        """Let the app run, and wait until it is done.

        Raises:
            SynthFailed: It ended with an error; the message is its own last line.
        """
        try:
            out, err = self._process.communicate("run\n", timeout=SYNTH_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise SynthFailed(f"synth took more than {SYNTH_SECONDS} seconds") from error
        finally:
            self.stop()
        if self._process.returncode:
            raise SynthFailed(f"synth failed: {_reason(err or out)}")

    def stop(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.communicate()


def _start(arguments: list[str], stage: str, assembly: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own interpreter and app; no shell
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env={
            **os.environ,
            "CDK_CONTEXT_JSON": json.dumps({"stage": stage, "bundle_for": "host"}),
            "CDK_OUTDIR": str(assembly),
            # CDK's own rules are about deployment too; `make synth` holds templates to them.
            "CDK_VALIDATION": "false",
            # CDK is imported before the app, which would have said so.
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Ctrl-C reaches the whole terminal group; a process that waits would show a traceback.
        start_new_session=True,
    )


def _reason(text: str) -> str:
    """Return the error in one line, and the last place of a traceback that is ours."""
    error = " ".join(_error_lines(text.splitlines()))
    places = _PLACE.findall(text)
    where = f" ({places[-1][0]}, line {places[-1][1]})" if places else ""
    return f"{error}{where}" if error else "it said nothing"


def _error_lines(lines: list[str]) -> list[str]:
    """Return all lines of the exception that ends a traceback; without one, the last line."""
    written = [line for line in lines if line.strip()]
    if _TRACEBACK not in written:
        return [line.strip() for line in written[-1:]]
    last = len(written) - 1 - written[::-1].index(_TRACEBACK)
    after = written[last + 1 :]
    begins = next((i for i, line in enumerate(after) if not line.startswith(" ")), 0)
    return [line.strip() for line in after[begins:]]
