"""What a function's process says through the Runtime API."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Idle:
    """The process asks for its next invocation."""


@dataclass(frozen=True, slots=True)
class InitFailed:
    """The handler could not be imported."""

    error_type: str
    message: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The handler's result, as JSON text."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class Raised:
    """The handler raised, or its result is not JSON."""

    error_type: str
    message: str


Report = Idle | InitFailed | Answered | Raised
