"""One execution environment: a function's process with its Runtime API, from start to end.

One invocation at a time, by one caller; what has crashed, timed out or used more memory
than it has is never used again.
"""

import contextlib
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from local.runtime.file_system import Place
from local.runtime.memory import ProcessMemory
from local.runtime.outcome import Failed, Outcome, Succeeded
from local.runtime.process import read_lines, start_process
from local.runtime.reports import Answered, Idle, InitFailed, Raised, Report
from local.runtime.runtime_api import Invocation, RuntimeApi
from local.template.local_app import FunctionConfig

INIT_SECONDS = 10.0
"""How long a function may take to be imported (AWS Lambda, "Init phase")."""

_LOOK_SECONDS = 0.05
"""How often a wait looks whether the process has exited."""

_LAST_LINES_SECONDS = 1.0
"""How long to wait for its last lines: a process that it left behind may hold its output open."""


@dataclass(frozen=True, slots=True)
class _Exited:
    status: int


class ExecutionEnvironment:
    """Starts the process at once; `stop` must be called in the end.

    Args:
        function: What to run.
        place: Where.
        on_line: Called with each line that the process prints.
        init_seconds: How long it may take to be imported; None if that is a part of its first
            call and so of the function's own timeout.
    """

    def __init__(
        self,
        function: FunctionConfig,
        place: Place,
        on_line: Callable[[str], None],
        init_seconds: float | None = INIT_SECONDS,
    ) -> None:
        self._function = function
        self._place = place
        self._api = RuntimeApi()
        try:
            self._process = start_process(function, place, self._api.address)
        except OSError:
            self._api.close()
            place.leave()
            raise
        self._memory = ProcessMemory(self._process.pid)
        self._lines = read_lines(self._process, on_line)
        self._init_seconds = init_seconds
        limit_seconds = function.timeout_seconds if init_seconds is None else init_seconds
        self._ends_at = time.monotonic() + limit_seconds
        self._init_took_too_long = False
        self._imported = False
        self._asks_for_next = False
        self._event: bytes | None = None
        self._killed = False
        self._out_of_memory = False

    @property
    def usable(self) -> bool:
        """Whether it can take another invocation."""
        return not self._killed and self._process.poll() is None

    @property
    def init_took_too_long(self) -> bool:
        """Whether it was ended in its init: that runs again, in the next call."""
        return self._init_took_too_long

    def wait_until_ready(self) -> Failed | None:
        """Wait for the first `next`; None when the handler is imported, else why it is not."""
        report = self._report_before(self._ends_at)
        if isinstance(report, Idle):
            self._note_idle()
            return None
        outcome = self._outcome(report)
        return outcome if isinstance(outcome, Failed) else None

    def invoke(self, event: bytes, deadline: float) -> Outcome | None:
        """Run the handler once, within the function's own timeout.

        Args:
            event: JSON text.
            deadline: When the caller stops waiting, as monotonic time in seconds.

        Returns:
            None if the deadline came first: then `finish` must be called.
        """
        self._event = event
        if self._imported:
            self._ends_at = time.monotonic() + self._function.timeout_seconds
        return self._go_on(deadline)

    def finish(self) -> None:
        """Finish an invocation that nobody waits for; its own time limits hold."""
        self._go_on(float("inf"))

    def kill_if_over_memory(self) -> None:
        """End the process if it has ever used more memory than the function has."""
        if self._memory.peak_mb() > self._function.memory_mb:
            self._out_of_memory = True
            self.kill()

    def kill(self) -> None:
        """End the process and all its children; a caller that waits for its answer is told."""
        self._killed = True
        if self._process.poll() is None:
            # It may end by itself just now, and then macOS says that it must not be killed.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def stop(self) -> None:
        """End the process and free what belongs to it; nobody may be waiting for its answer."""
        self.kill()
        self._process.wait()
        self._lines.join(_LAST_LINES_SECONDS)
        if self._process.stdin:
            self._process.stdin.close()
        self._api.close()
        self._memory.close()
        self._place.leave()

    def _go_on(self, deadline: float) -> Outcome | None:
        while True:
            if self._asks_for_next and self._event is not None:
                self._submit(self._event)
            report = self._report_before(min(deadline, self._ends_at))
            if isinstance(report, Idle):
                self._note_idle()
            elif report is None and time.monotonic() < self._ends_at:
                return None
            else:
                return self._outcome(report)

    def _note_idle(self) -> None:
        self._imported = True
        self._asks_for_next = True

    def _submit(self, event: bytes) -> None:
        self._asks_for_next, self._event = False, None
        if self._init_seconds is not None:
            self._ends_at = time.monotonic() + self._function.timeout_seconds
        self._init_seconds = INIT_SECONDS
        left_seconds = self._ends_at - time.monotonic()
        self._api.submit(
            Invocation(
                request_id=str(uuid4()),
                event=event,
                deadline_ms=int((time.time() + left_seconds) * 1000),
                function_arn=self._function.arn,
            )
        )

    def _outcome(self, report: Answered | Raised | InitFailed | _Exited | None) -> Outcome:
        # Looked at here too: what was allocated and given back between two looks counts.
        self.kill_if_over_memory()
        if self._out_of_memory:
            return Failed("Runtime.OutOfMemory", "Runtime exited with error: signal: killed")
        match report:
            case Answered(payload):
                return Succeeded(payload)
            case Raised(error_type, message):
                return Failed(error_type, message)
            case InitFailed(error_type, message):
                self.kill()
                return Failed(error_type, message)
            case _Exited(status):
                return Failed("Runtime.ExitError", _exit_message(status))
            case None:
                self.kill()
                self._init_took_too_long = not self._imported and self._init_seconds is not None
                return Failed("Sandbox.Timedout", self._timeout_message())

    def _report_before(self, end: float) -> Report | _Exited | None:
        while True:
            left_seconds = max(0.0, end - time.monotonic())
            report = self._api.report(min(left_seconds, _LOOK_SECONDS))
            if report is not None:
                return report
            status = self._process.poll()
            if status is not None:
                # What it said before it went counts first.
                return self._api.report(0) or _Exited(status)
            if left_seconds == 0:
                return None

    def _timeout_message(self) -> str:
        if not self._imported and self._init_seconds is not None:
            return f"Init took more than {self._init_seconds:.2f} seconds"
        return f"Task timed out after {self._function.timeout_seconds:.2f} seconds"


def _exit_message(status: int) -> str:
    if status >= 0:
        return f"Runtime exited with error: exit status {status}"
    description = (signal.strsignal(-status) or str(-status)).lower()
    return f"Runtime exited with error: signal: {description}"
