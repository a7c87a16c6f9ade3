"""One execution environment: a function's process with its Runtime API, from start to end.

The rule: one invocation at a time, by one caller; what has crashed or timed out is never reused.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from uuid import uuid4

from local.runtime.outcome import Failed, Outcome, Succeeded
from local.runtime.process import read_lines, start_process
from local.runtime.runtime_api import (
    Answered,
    Idle,
    InitFailed,
    Invocation,
    Raised,
    Report,
    RuntimeApi,
)
from local.template.local_app import FunctionConfig

INIT_SECONDS = 10.0
"""How long a function may take to be imported (AWS Lambda, "Init phase")."""


@dataclass(frozen=True, slots=True)
class _Exited:
    status: int


class ExecutionEnvironment:
    """Starts the process at once; `stop` must be called in the end.

    Args:
        function: What to run.
        client_folder: The runtime client's import folder.
        on_line: Called with each line that the process prints.
    """

    def __init__(
        self, function: FunctionConfig, client_folder: Path, on_line: Callable[[str], None]
    ) -> None:
        self._function = function
        self._reports: SimpleQueue[Report | _Exited] = SimpleQueue()
        self._api = RuntimeApi(self._reports.put)
        self._process = start_process(function, client_folder, self._api.address)
        self._lines = read_lines(self._process, on_line)
        self._watch = Thread(target=self._watch_exit, daemon=True)
        self._watch.start()
        self._killed = False

    @property
    def usable(self) -> bool:
        """Whether it can take another invocation."""
        return not self._killed and self._process.poll() is None

    def wait_until_idle(self) -> Failed | None:
        """Wait for the first `next`; None when the handler is imported, else why it is not."""
        report = self._report_within(INIT_SECONDS)
        match report:
            case Idle():
                return None
            case InitFailed(error_type, message):
                return Failed(error_type, message)
            case None:
                return Failed("Sandbox.Timedout", f"Init took more than {INIT_SECONDS:.2f} seconds")
            case _Exited(status):
                return Failed("Runtime.ExitError", _exit_message(status))
            case Answered() | Raised():
                return Failed("Runtime.Unknown", "it answered before it was asked")

    def invoke(self, event: bytes) -> Outcome:
        """Run the handler once, within the function's own timeout.

        Args:
            event: JSON text.
        """
        timeout_seconds = self._function.timeout_seconds
        self._api.submit(
            Invocation(
                request_id=str(uuid4()),
                event=event,
                deadline_ms=int((time.time() + timeout_seconds) * 1000),
                function_arn=self._function.arn,
            )
        )
        report = self._report_within(timeout_seconds)
        while isinstance(report, Idle):
            # The `next` after the answer before this one.
            report = self._report_within(timeout_seconds)
        match report:
            case Answered(payload):
                return Succeeded(payload)
            case Raised(error_type, message) | InitFailed(error_type, message):
                return Failed(error_type, message)
            case _Exited(status):
                return Failed("Runtime.ExitError", _exit_message(status))
            case None:
                self._kill()
                return Failed(
                    "Sandbox.Timedout", f"Task timed out after {timeout_seconds:.2f} seconds"
                )

    def stop(self) -> None:
        """End the process and everything that belongs to it."""
        self._kill()
        self._watch.join()
        self._lines.join()
        if self._process.stdin:
            self._process.stdin.close()
        self._api.close()

    def _report_within(self, seconds: float) -> Report | _Exited | None:
        try:
            return self._reports.get(timeout=seconds)
        except Empty:
            return None

    def _kill(self) -> None:
        self._killed = True
        self._process.kill()

    def _watch_exit(self) -> None:
        self._reports.put(_Exited(self._process.wait()))


def _exit_message(status: int) -> str:
    cause = f"signal {-status}" if status < 0 else f"exit status {status}"
    return f"Runtime exited with error: {cause}"
