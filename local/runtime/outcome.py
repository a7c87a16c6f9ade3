"""What an invocation can come to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Succeeded:
    """The handler returned; `payload` is its result as JSON text."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class Failed:
    """The handler raised, or its process crashed, timed out or did not start.

    `error_type` and `message` are Lambda's own: an exception's class name, `Sandbox.Timedout`,
    `Runtime.ExitError`, `Runtime.HandlerNotFound` and so on.
    """

    error_type: str
    message: str


@dataclass(frozen=True, slots=True)
class GaveUp:
    """The caller's own limit passed first; the function may still be running."""

    limit_seconds: float


Outcome = Succeeded | Failed | GaveUp
