"""A function's events -> outcomes, in as many execution environments as its callers need.

An environment answers one event at a time, and no event meets the remains of a crash or
a timeout: it gets a new process, as on Lambda.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Thread

from local.runtime.code_folder import CodeFolder
from local.runtime.environment import INIT_SECONDS, ExecutionEnvironment
from local.runtime.file_system import FileSystems
from local.runtime.memory_watch import MemoryWatch
from local.runtime.outcome import Failed, GaveUp, Outcome
from local.template.local_app import FunctionConfig

MOST_ENVIRONMENTS = 50
"""How many events a function answers at once, unless the template says; more of them wait. On AWS
the account has a bound."""

PATIENCE_SECONDS = 0.1
"""How long an event waits for a busy environment before another starts, which takes as long."""

_KILL_AGAIN_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Limits:
    """What every function is granted.

    Attributes:
        environments: How many it may have at once, unless the template says.
        init_seconds: How long it may take to be imported.
    """

    environments: int = MOST_ENVIRONMENTS
    init_seconds: float = INIT_SECONDS


class RunningFunction:
    """Answers when `start` has returned; `stop` must be called in the end.

    Args:
        config: What to run.
        file_systems: Gives each process its place.
        memory_watch: Looks at its processes.
        on_line: Called, from any thread, with its label and each line that it prints, or why an
            environment of it has ended.
        limits: What the machine grants.
    """

    def __init__(
        self,
        config: FunctionConfig,
        file_systems: FileSystems,
        memory_watch: MemoryWatch,
        on_line: Callable[[str, str], None],
        limits: Limits,
    ) -> None:
        self.config = config
        self._limits = limits
        self._init_is_next_calls = False
        self._file_systems = file_systems
        self._memory_watch = memory_watch
        self._on_line = on_line
        self._code = CodeFolder(config.code_folder, can_change=not file_systems.are_own)
        self._spoilt: Failed | None = None
        self._changed = Condition()
        self._environments: set[ExecutionEnvironment] = set()
        self._idle: list[ExecutionEnvironment] = []
        self._busy = 0
        self._stopping = False

    def start(self) -> Failed | None:
        """Start the first environment.

        Returns:
            None when the handler is imported, or its init has taken too long and runs again in the
            first call; else why it is not.
        """
        if self.config.reserved_concurrency == 0:
            return None
        environment = self._take(time.monotonic())
        if isinstance(environment, Failed):
            return environment
        if not isinstance(environment, ExecutionEnvironment):
            return Failed("Sandbox.Failure", "the function is being stopped")
        failure = environment.wait_until_ready()
        is_slow = self._is_to_init_again(environment)
        self._give_back(environment)
        return self._spoilt or (None if is_slow else failure)

    def invoke(self, event: bytes, limit_seconds: float) -> Outcome | None:
        """Run the handler once.

        Args:
            event: JSON text.
            limit_seconds: How long the caller waits, whatever the function's own timeout.

        Returns:
            None if the function is being stopped: the event was not handled.
        """
        deadline = time.monotonic() + limit_seconds
        environment = self._take(deadline)
        if not isinstance(environment, ExecutionEnvironment):
            return environment
        outcome = environment.invoke(event, deadline)
        if self._is_to_init_again(environment):
            again = self._ready(environment)
            if isinstance(again, Failed):
                return again
            environment, outcome = again, again.invoke(event, deadline)
        if outcome is None:
            Thread(target=self._finish, args=(environment,), daemon=True).start()
            return GaveUp(limit_seconds)
        if isinstance(outcome, Failed) and not environment.usable:
            self._on_line(self.config.label, f"{outcome.error_type}: {outcome.message}")
        self._give_back(environment)
        return self._spoilt or outcome

    @property
    def is_spoilt(self) -> bool:
        """Whether it has changed its own code folder, and so runs no longer."""
        return self._spoilt is not None

    def drain(self) -> None:
        """Take no further event, let those that run finish, then stop."""
        with self._changed:
            self._stopping = True
            self._changed.wait_for(lambda: not self._busy)
        self.stop()

    def stop(self) -> None:
        """End every environment; events that run fail."""
        with self._changed:
            self._stopping = True
            while self._busy:
                for environment in self._environments:
                    environment.kill()
                # Again and again: one may have been about to start.
                self._changed.wait(_KILL_AGAIN_SECONDS)
            environments = tuple(self._environments)
        for environment in environments:
            self._end(environment)

    def _take(self, deadline: float) -> ExecutionEnvironment | Failed | GaveUp | None:
        asked_at = time.monotonic()
        with self._changed:
            patience_seconds = min(PATIENCE_SECONDS, deadline - asked_at) if self._busy else 0.0
            self._changed.wait_for(lambda: self._idle or self._stopping, patience_seconds)
            if self.config.reserved_concurrency is None:
                self._changed.wait_for(self._has_room, max(0.0, deadline - time.monotonic()))
            if self._stopping:
                return None
            if self._spoilt is not None:
                return self._spoilt
            if not self._has_room():
                return self._without_room(deadline - asked_at)
            self._busy += 1
            environment = self._idle.pop() if self._idle else None
        return self._ready(environment)

    def _ready(self, environment: ExecutionEnvironment | None) -> ExecutionEnvironment | Failed:
        try:
            return self._usable(environment)
        except OSError as error:
            self._leave()
            return Failed("Sandbox.Failure", f"its process does not start: {error}")

    def _has_room(self) -> bool:
        reserved = self.config.reserved_concurrency
        most = self._limits.environments if reserved is None else reserved
        return self._busy < most or self._stopping

    def _without_room(self, waited_seconds: float) -> Failed | GaveUp:
        if self.config.reserved_concurrency is None:
            return GaveUp(waited_seconds)
        return Failed("TooManyRequestsException", "Rate Exceeded.")

    def _is_to_init_again(self, environment: ExecutionEnvironment) -> bool:
        if not environment.init_took_too_long:
            return False
        self._init_is_next_calls = True
        self._on_line(
            self.config.label,
            f"Init took more than {self._limits.init_seconds:g} seconds; it runs again in the next "
            "call, within the function's timeout",
        )
        return True

    def _usable(self, environment: ExecutionEnvironment | None) -> ExecutionEnvironment:
        if environment is not None and environment.usable:
            return environment
        if environment is not None:
            self._end(environment)
            self._end_crashed()
        place = self._file_systems.place(
            self.config.code_folder, self.config.handler, self.config.tmp_mb
        )
        init_seconds = None if self._init_is_next_calls else self._limits.init_seconds
        self._init_is_next_calls = False
        environment = ExecutionEnvironment(
            self.config, place, lambda line: self._on_line(self.config.label, line), init_seconds
        )
        with self._changed:
            self._environments.add(environment)
        self._memory_watch.add(environment)
        return environment

    def _finish(self, environment: ExecutionEnvironment) -> None:
        environment.finish()
        self._is_to_init_again(environment)
        self._give_back(environment)

    def _give_back(self, environment: ExecutionEnvironment) -> None:
        self._look_at_code()
        with self._changed:
            self._idle.append(environment)
        self._leave()

    def _look_at_code(self) -> None:
        path = None if self._spoilt else self._code.change()
        if path is None:
            return
        self._spoilt = Failed(
            "Sandbox.Failure",
            f"it has changed {path} in its code folder, which is read-only on Lambda (OSError 30); "
            "the folder is not used again: mend the function, or start again",
        )
        self._on_line(self.config.label, self._spoilt.message)

    def _leave(self) -> None:
        with self._changed:
            self._busy -= 1
            self._changed.notify_all()

    def _end_crashed(self) -> None:
        """End what has crashed while idle too: no call may come that would meet it."""
        with self._changed:
            crashed = [environment for environment in self._idle if not environment.usable]
            for environment in crashed:
                self._idle.remove(environment)
        for environment in crashed:
            self._end(environment)

    def _end(self, environment: ExecutionEnvironment) -> None:
        self._memory_watch.remove(environment)
        with self._changed:
            self._environments.discard(environment)
        environment.stop()
