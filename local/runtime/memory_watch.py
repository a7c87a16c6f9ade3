"""Running environments -> those over their memory are ended: one thread looks at all of them."""

from threading import Event, Lock, Thread
from typing import Final

from local.runtime.environment import ExecutionEnvironment
from local.runtime.memory import MEMORY_IS_ENFORCED

_LOOK_SECONDS: Final = 0.05


class MemoryWatch:
    """Looks from the moment it is made; `stop` must be called in the end."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._environments: set[ExecutionEnvironment] = set()
        self._stopping = Event()
        self._thread = Thread(target=self._look, daemon=True)
        if MEMORY_IS_ENFORCED:
            self._thread.start()

    def add(self, environment: ExecutionEnvironment) -> None:
        """Look at this one too."""
        with self._lock:
            self._environments.add(environment)

    def remove(self, environment: ExecutionEnvironment) -> None:
        """Look at this one no longer."""
        with self._lock:
            self._environments.discard(environment)

    def stop(self) -> None:
        """Stop looking."""
        self._stopping.set()
        if MEMORY_IS_ENFORCED:
            self._thread.join()

    def _look(self) -> None:
        while not self._stopping.wait(_LOOK_SECONDS):
            with self._lock:
                environments = tuple(self._environments)
            for environment in environments:
                environment.kill_if_over_memory()
