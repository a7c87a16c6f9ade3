"""A call that may hang -> its result within a time, or the fact that there is none."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


class DeadlineExceeded(Exception):
    """The call did not end in time."""


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
    done: Future[T] = Future()

    def run() -> None:
        try:
            done.set_result(call())
        except BaseException as error:  # noqa: BLE001 - raised again where the result is awaited
            done.set_exception(error)

    Thread(target=run, daemon=True, name="deadline").start()
    if not wait([done], seconds).done:
        raise DeadlineExceeded(f"it took more than {seconds:g} s")
    return done.result()
