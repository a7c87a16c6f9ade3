"""Function name and event -> Outcome: all functions of the app, started together.

The rule: a function answers one event at a time, and an invocation never meets the remains of
a crash or a timeout: it gets a new process, as on Lambda.
"""

import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from local.errors import StartFailed
from local.runtime.client_folder import make_client_folder
from local.runtime.environment import ExecutionEnvironment
from local.runtime.outcome import Failed, GaveUp, Outcome
from local.template.local_app import FunctionConfig

OnLine = Callable[[str, str], None]
"""Called with a function's label and a line that it printed, from any thread."""


class Functions:
    """Runs functions by name; `stop` must be called in the end.

    Args:
        functions: What may be invoked.
        on_line: Called with a function's label and each line that it prints.
    """

    def __init__(self, functions: Iterable[FunctionConfig], on_line: OnLine) -> None:
        self._client_folder = tempfile.TemporaryDirectory(prefix="runtime-client-")
        client_folder = make_client_folder(Path(self._client_folder.name))
        self._functions = {
            function.name: _Function(function, client_folder, on_line) for function in functions
        }

    def stop(self) -> None:
        """End every process; nothing can be invoked any more."""
        for function in self._functions.values():
            function.stop()
        self._client_folder.cleanup()

    def start(self) -> None:
        """Start every function, in parallel, and wait until each is ready.

        Raises:
            StartFailed: A handler could not be imported; names the function and the reason.
        """
        if not self._functions:
            return
        with ThreadPoolExecutor(len(self._functions)) as starters:
            failures = list(starters.map(_Function.start, self._functions.values()))
        for function, failure in zip(self._functions.values(), failures, strict=True):
            if failure:
                problem = f"{failure.error_type}: {failure.message}"
                raise StartFailed(f"function {function.label} does not start: {problem}")

    def invoke(self, name: str, event: bytes, limit_seconds: float) -> Outcome:
        """Run one function once.

        Args:
            name: The function's name.
            event: JSON text.
            limit_seconds: How long this caller waits, whatever the function's own timeout.
        """
        return self._functions[name].invoke(event, limit_seconds)


class _Function:
    def __init__(self, config: FunctionConfig, client_folder: Path, on_line: OnLine) -> None:
        self._config = config
        self._client_folder = client_folder
        self._on_line = on_line
        self._environment: ExecutionEnvironment | None = None
        self._stopping = False
        # One worker: it makes callers queue, and lets each stop waiting by itself.
        self._worker = ThreadPoolExecutor(1, thread_name_prefix=config.name)

    @property
    def label(self) -> str:
        return self._config.label

    def start(self) -> Failed | None:
        return self._worker.submit(lambda: self._renew().wait_until_idle()).result()

    def invoke(self, event: bytes, limit_seconds: float) -> Outcome:
        future = self._worker.submit(self._invoke, event)
        try:
            return future.result(limit_seconds)
        except TimeoutError:
            future.cancel()
            return GaveUp(limit_seconds)

    def stop(self) -> None:
        self._stopping = True
        self._worker.shutdown(wait=False, cancel_futures=True)
        self._end_environment()
        self._worker.shutdown()
        # Again: the worker may have been about to start one.
        self._end_environment()

    def _invoke(self, event: bytes) -> Outcome:
        if self._stopping:
            return Failed("Sandbox.Failure", "the function is being stopped")
        environment = self._environment
        if environment is None or not environment.usable:
            environment = self._renew()
            failure = environment.wait_until_idle()
            if failure:
                return failure
        return environment.invoke(event)

    def _end_environment(self) -> None:
        if self._environment:
            self._environment.stop()

    def _renew(self) -> ExecutionEnvironment:
        self._end_environment()
        self._environment = ExecutionEnvironment(
            self._config, self._client_folder, lambda line: self._on_line(self._config.label, line)
        )
        return self._environment
