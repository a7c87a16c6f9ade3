"""Every failure of the issuer, grouped by whose fault it is and so by HTTP status.

OAuthError                  answered as RFC 6749 section 5.2 says
├── RequestInvalid     400  invalid_request: malformed, too large, a parameter twice
├── GrantUnsupported   400  unsupported_grant_type
├── ScopeInvalid       400  invalid_scope: unknown, malformed, or not this client's
├── TargetInvalid      400  invalid_target: a resource that is not this issuer's audience
├── ClientInvalid      401  invalid_client: no, unknown or wrong credentials; never which
├── TooManyRequests    429  temporarily_unavailable, with Retry-After
├── Unavailable        503  temporarily_unavailable, with Retry-After: KMS or DynamoDB
└── ServerError        500  server_error: ours, and trying again does not help
KeyRefused                  KMS lets this key not sign: another published one is tried

RFC 6749 has no code of the token endpoint for the last three OAuthErrors: `temporarily_unavailable`
and `server_error` are section 4.1.2.1's.
Messages go to the caller as `error_description`. They never hold a part of a credential.
"""

from function_kit.errors import RequestRefused


class OAuthError(RequestRefused):
    """A request that gets no token; messages are printable ASCII without quotes (section 5.2)."""


class RequestInvalid(OAuthError):
    """The request is malformed (RFC 6749 section 5.2)."""

    status = 400
    code = "invalid_request"


class GrantUnsupported(OAuthError):
    """Only client credentials are granted (RFC 6749 section 4.4)."""

    status = 400
    code = "unsupported_grant_type"


class ScopeInvalid(OAuthError):
    """A scope is malformed, or not one of this client's (RFC 6749 section 3.3)."""

    status = 400
    code = "invalid_scope"


class TargetInvalid(OAuthError):
    """A `resource` is not what this issuer's tokens are for (RFC 8707 section 2)."""

    status = 400
    code = "invalid_target"


class ServerError(OAuthError):
    """Something of ours is wrong and stays so until a person mends it; the reason names it."""

    status = 500
    code = "server_error"


class ClientInvalid(OAuthError):
    """The client is not who it says it is, or says nothing (RFC 6749 section 2.3)."""

    status = 401
    code = "invalid_client"


class RetryLater(OAuthError):
    """The request may succeed later.

    Args:
        message: As for every OAuthError.
        retry_after_seconds: When to try again.
        reason: A stable word for logs.
    """

    code = "temporarily_unavailable"

    def __init__(self, message: str, retry_after_seconds: int, reason: str) -> None:
        super().__init__(message, reason)
        self.retry_after_seconds = retry_after_seconds


class TooManyRequests(RetryLater):
    """The source or the client has used its share (RFC 6585 section 4)."""

    status = 429


class Unavailable(RetryLater):
    """A service of AWS that we need does not serve us now, after the SDK's own retries."""

    status = 503


class KeyRefused(Exception):
    """KMS does not let one key sign, and trying again does not help.

    Args:
        reason: A stable word for logs: `kms_` and KMS's code.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
