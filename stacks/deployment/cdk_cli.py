"""CDK's command line, as `make setup` has installed it -> its exit status."""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Sequence
from types import FrameType

from stacks.deployment.command import ROOT, Command

CDK = ROOT / "node_modules" / ".bin" / "cdk"
SIGNALLED = 128
"""What a shell adds to the number of the signal that has ended a process."""


def run_on_app(command: Command, arguments: Sequence[str], region: str) -> int:
    """Run one command of it on the stacks of a stage and return its exit status.

    Args:
        command: Whose stage, app and assembly it is.
        arguments: `deploy`, and what goes with it.
        region: Where stacks go that name no region.
    """
    app = [sys.executable, "-m", command.app_module]
    source = str(command.assembly) if command.assembly else shlex.join(app)
    stage = f"stage={command.stage}"
    return run([*arguments, "--app", source, "--context", stage], region)


def run(arguments: Sequence[str], region: str) -> int:
    """Run one command of it and return its exit status.

    A signal reaches CDK's process, which ends in its own order; this one waits for that.
    """
    environment = {**os.environ, "AWS_REGION": region}
    process = subprocess.Popen(  # noqa: S603  # the command line that is pinned here
        [str(CDK), *arguments, "--no-notices"], cwd=ROOT, env=environment
    )

    def pass_on(number: int, _frame: FrameType | None) -> None:
        process.send_signal(number)

    # A terminal sends Ctrl-C to both.
    handlers = {signal.SIGINT: _stay, signal.SIGTERM: pass_on}
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        status = process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return status if status >= 0 else SIGNALLED - status


def _stay(_number: int, _frame: FrameType | None) -> None:
    """Leave the end to CDK."""
