"""Every failure, grouped by whose fault it is and so by HTTP status.

SessionError
├── SignInFailed       400  a page with the reason and a link to try again
├── SignedOut          401  no session, or one that has ended
│   ├── CookieInvalid       tampered, truncated, over: deleted
│   └── CookieForeign       of another release or another key: kept, for it may be good elsewhere
├── Forbidden          403  not a page of ours that asks: nothing changes
├── GrantRefused            the token endpoint's own error; the caller turns it into another
├── IssuerInvalid      502  the issuer answers what it must not
└── Unavailable        503  the issuer or Secrets Manager does not serve us now; Retry-After

Messages of the first go to a person, the others' to nobody: a caller learns `code`, a log `reason`.
None of them ever holds a token, a code or a state.
"""

from typing import ClassVar, Final

from function_kit.errors import RequestRefused


class SessionError(RequestRefused):
    """Root of all failures."""


class SignInFailed(SessionError):
    """A sign-in that ends without a session."""

    status = 400
    code = "sign_in_failed"


class SignedOut(SessionError):
    """There is no session, or the issuer has ended it."""

    status = 401
    code = "signed_out"


class CookieInvalid(SignedOut):
    """A cookie of ours is not as we set it."""


class CookieForeign(SignedOut):
    """A cookie of ours that this release, or this key, cannot open: nobody is signed in by it here.

    While one release replaces another, both serve; what one cannot open may be good for the other.
    """


class Forbidden(SessionError):
    """The request is not one that a page of this origin makes, or lacks the anti-CSRF token."""

    status = 403
    code = "forbidden"


class GrantRefused(SessionError):
    """The token endpoint refuses; `error` is its word (RFC 6749 section 5.2)."""

    code = "grant_refused"

    def __init__(self, error: str) -> None:
        super().__init__("the token endpoint refuses")
        self.error = error


class IssuerInvalid(SessionError):
    """The issuer answers, but not as the standard or our settings demand."""

    status = 502
    code = "issuer_invalid"


class TokensTooLarge(SessionError):
    """The issuer's tokens do not fit into a browser's cookies."""

    code = "cookies_too_large"


class Unavailable(SessionError):
    """A service that we need does not serve us now; the request may succeed later."""

    status = 503
    code = "unavailable"
    retry_after_seconds: ClassVar[int] = 2


SERVICE_FAILURES: Final = (Unavailable, IssuerInvalid)
"""What a source of a kept value raises that does not answer, or not well."""
