"""What the authorizer refuses a request for, beside all that the verifier refuses a token for.

VerifierError                in `jwt_verifier.errors`
├── TokenRejected            401  the caller's
│   ├── TokenMissing              no Authorization header, nor a cookie that the route takes
│   ├── CredentialsAmbiguous      several credentials, or not the one that the gateway caches under
│   ├── OriginHeaderInvalid       past what stands in front of the API, where something does
│   ├── OriginNotAllowed          a cookie, and no page of an allowed origin sent it
│   ├── CsrfTokenInvalid          a cookie without the anti-CSRF token of its access token
│   └── TokenRevoked              it was taken back before it expired
└── RevocationsUnavailable   500  ours: nobody can say whether it was

A good token without permission is not an error: it is `Decision(allowed=False, reason=...)`, a 403.
"""

from jwt_verifier.errors import TokenRejected, VerifierError


class TokenMissing(TokenRejected):
    """The request carries no Authorization header, nor a cookie where the route takes one."""

    code = "token_missing"


class CredentialsAmbiguous(TokenRejected):
    """The request carries several credentials, or another one than the identity source."""

    code = "credentials_ambiguous"


class OriginHeaderInvalid(TokenRejected):
    """The request has come past what stands in front of the API, which adds a header."""

    code = "origin_header_invalid"


class OriginNotAllowed(TokenRejected):
    """The token came in a cookie, and not from a page of an allowed origin (RFC 6454 section 7)."""

    code = "origin_not_allowed"


class CsrfTokenInvalid(TokenRejected):
    """The token came in a cookie, without the anti-CSRF token that only its own page knows."""

    code = "csrf_token_invalid"


class TokenRevoked(TokenRejected):
    """The token was taken back before it expired; the message says by what (RFC 6750 3.1)."""

    code = "token_revoked"


class RevocationsUnavailable(VerifierError):
    """What was taken back cannot be read, so nothing can be said about the token: 500."""

    code = "revocations_unavailable"
