"""What clients are told: whom to call, how, and what must come back. Imports nothing of ours."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """One request and what must come back.

    `status` is exact for a refusal and None for any success; `subject` must be in the body.
    """

    name: str
    method: str
    path: str
    headers: dict[str, str]
    body: str | None
    status: int | None
    subject: str | None
    keys_from: str | None = None
    """The function that publishes the keys of the call's token; None if none of ours does."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that was answered 500; times are monotonic, in seconds."""

    call: Call
    asked_at: float
    answered_at: float


@dataclass(frozen=True, slots=True)
class Served:
    """What to call where; `good_seconds` is for how long all tokens in it are good."""

    address: str
    calls: tuple[Call, ...]
    good_seconds: float
