"""Every failure, grouped by whose fault it is and so by HTTP status.

RevocationsError
├── RequestInvalid     400  the body, or a token that nothing names
├── NotAuthorized      403  no Lambda authorizer has passed the request
└── TableUnavailable   503  the table does not serve us now; Retry-After

The message is one line, meant for whoever asks; it never holds a token.
"""

from typing import ClassVar

from function_kit.errors import RequestRefused


class RevocationsError(RequestRefused):
    """Root of all failures."""


class RequestInvalid(RevocationsError):
    """What is asked for cannot be done, whoever asks."""

    status = 400
    code = "invalid_request"


class NotAuthorized(RevocationsError):
    """Nobody vouches for the caller."""

    status = 403
    code = "forbidden"


class TableUnavailable(RevocationsError):
    """The table does not serve us now; the request may succeed later."""

    status = 503
    code = "unavailable"
    retry_after_seconds: ClassVar[int] = 2
