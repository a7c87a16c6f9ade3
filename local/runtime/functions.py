"""Function name and event -> Outcome: all functions of the app.

A function whose configuration has not changed keeps its processes; one that has is
replaced when the new one is ready, and the old one answers what it has begun.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from local.errors import StartFailed
from local.runtime.file_system import FileSystems
from local.runtime.memory_watch import MemoryWatch
from local.runtime.outcome import Failed, Outcome
from local.runtime.running_function import Limits, RunningFunction
from local.template.local_app import FunctionConfig

OnLine = Callable[[str, str], None]
"""Called with a function's label and a line that it printed, from any thread."""


class Functions:
    """Runs functions by name; none at first. `stop` must be called in the end.

    Args:
        on_line: Called with a function's label and each line that it prints.
        own_file_systems: Whether each process sees a disk of its own, as on Lambda; None for
            wherever the kernel lets it.
        limits: What every function is granted.
    """

    def __init__(
        self,
        on_line: OnLine,
        *,
        own_file_systems: bool | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._not_started: dict[str, Failed] = {}
        self._file_systems = FileSystems(own=own_file_systems)
        self._memory_watch = MemoryWatch()
        self._on_line = on_line
        self._functions: dict[str, RunningFunction] = {}

    def update(self, functions: Iterable[FunctionConfig]) -> tuple[FunctionConfig, ...]:
        """Start what is new or changed, in parallel, and put it in the place of what it was.

        Functions that are not named go on: `keep_only` ends them. A new one that does not start
        fails its callers, as on Lambda: `not_started` names it.

        Returns:
            Those that were started.

        Raises:
            StartFailed: One that takes the place of another does not start; names the function
                and the reason. Then all go on as they were.
        """
        changed = [
            RunningFunction(
                config, self._file_systems, self._memory_watch, self._on_line, self._limits
            )
            for config in functions
            if not self._is_running(config)
        ]
        not_started = self._start(changed)
        replaced = [self._functions.get(function.config.name) for function in changed]
        self._functions |= {function.config.name: function for function in changed}
        for function in changed:
            self._not_started.pop(function.config.name, None)
        self._not_started |= not_started
        _stop_all([function for function in replaced if function is not None])
        return tuple(function.config for function in changed)

    def _is_running(self, config: FunctionConfig) -> bool:
        function = self._functions.get(config.name)
        return function is not None and function.config == config and not function.is_spoilt

    @property
    def not_started(self) -> tuple[tuple[str, str], ...]:
        """The label of each function that did not start, and why."""
        return tuple(
            (self._functions[name].config.label, f"{failure.error_type}: {failure.message}")
            for name, failure in self._not_started.items()
        )

    def _start(self, functions: list[RunningFunction]) -> dict[str, Failed]:
        """Start them all, and return what has failed by the function's name."""
        with ThreadPoolExecutor(max(1, len(functions))) as starters:
            failures = list(starters.map(RunningFunction.start, functions))
        not_started = {}
        for function, failure in zip(functions, failures, strict=True):
            if failure is None:
                continue
            if function.config.name in self._functions:
                _stop_all(functions)
                problem = f"{failure.error_type}: {failure.message}"
                raise StartFailed(f"function {function.config.label} does not start: {problem}")
            not_started[function.config.name] = failure
        return not_started

    def keep_only(self, functions: Iterable[FunctionConfig]) -> None:
        """End the functions that are not among these."""
        names = {config.name for config in functions}
        gone = [name for name in self._functions if name not in names]
        _stop_all([self._functions.pop(name) for name in gone])
        for name in gone:
            self._not_started.pop(name, None)

    def stop(self) -> None:
        """End every process; nothing can be invoked any longer."""
        for function in self._functions.values():
            function.stop()
        self._memory_watch.stop()
        self._file_systems.stop()

    def invoke(self, name: str, event: bytes, limit_seconds: float) -> Outcome:
        """Run one function once.

        Args:
            name: The function's name.
            event: JSON text.
            limit_seconds: How long this caller waits, whatever the function's own timeout.
        """
        while function := self._functions.get(name):
            outcome = function.invoke(event, limit_seconds)
            if outcome is not None:
                return outcome
            if self._functions.get(name) is function:
                return Failed("Sandbox.Failure", "the function is being stopped")
        return Failed("ResourceNotFoundException", f"Function not found: {name}")


def _stop_all(functions: list[RunningFunction]) -> None:
    for function in functions:
        function.drain()
