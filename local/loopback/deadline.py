"""A call that may hang -> its result within a time, or the fact that there is none."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class DeadlineExceeded(Exception):
    """The call did not end in time."""


class _Outcome(Generic[T]):
    def __init__(self, result: T | None, error: BaseException | None) -> None:
        self.result = result
        self.error = error


def run_with_deadline(seconds: float, call: Callable[[], T]) -> T:
    """Return the result of a call within a time, even if a peer draws it out.

    A time-out of a socket is none for the whole: a peer that sends a byte now and then never runs
    into it. So the call has a thread of its own, which is left alone when it is late.

    Args:
        seconds: How long to wait.
        call: What to do; its errors are raised here.

    Raises:
        DeadlineExceeded: It did not end in time.
    """
    outcomes: SimpleQueue[_Outcome[T]] = SimpleQueue()

    def run() -> None:
        try:
            outcomes.put(_Outcome(call(), None))
        except BaseException as error:  # noqa: BLE001 - raised again where the result is awaited
            outcomes.put(_Outcome(None, error))

    Thread(target=run, daemon=True, name="deadline").start()
    try:
        outcome = outcomes.get(timeout=seconds)
    except Empty:
        raise DeadlineExceeded(f"it took more than {seconds:g} s") from None
    if outcome.error is not None:
        raise outcome.error
    return outcome.result  # type: ignore[return-value]  # no error, so the call's own result
