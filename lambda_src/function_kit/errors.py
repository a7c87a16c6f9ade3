"""What a request is refused with, by whose fault it is: the shape that functions share."""

from typing import ClassVar


class RequestRefused(Exception):
    """A request that gets no good answer. A function's own kinds say the status and the code.

    Args:
        message: what happened, in one line without a secret.
        reason: a stable word for logs, where the code alone does not tell.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"

    def __init__(self, message: str, reason: str | None = None) -> None:
        super().__init__(message)
        self.reason = reason or self.code
