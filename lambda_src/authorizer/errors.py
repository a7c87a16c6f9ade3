"""What the authorizer refuses a request for before its token is verified: 401, the caller's fault.

TokenRejected                in `jwt_verifier.errors`, with all that a token is refused for
├── TokenMissing              no Authorization header, nor a cookie that the route takes
├── CredentialsAmbiguous      several credentials, or not the one that the gateway caches under
├── OriginNotAllowed          a cookie, and no page of an allowed origin sent it
└── CsrfTokenInvalid          a cookie without the anti-CSRF token of its access token

A good token without permission is not an error: it is `Decision(allowed=False, reason=...)`, a 403.
"""

from jwt_verifier.errors import TokenRejected


class TokenMissing(TokenRejected):
    """The request carries no Authorization header, nor a cookie where the route takes one."""

    code = "token_missing"


class CredentialsAmbiguous(TokenRejected):
    """The request carries several credentials, or another one than the identity source."""

    code = "credentials_ambiguous"


class OriginNotAllowed(TokenRejected):
    """The token came in a cookie, and not from a page of an allowed origin (RFC 6454 section 7)."""

    code = "origin_not_allowed"


class CsrfTokenInvalid(TokenRejected):
    """The token came in a cookie, without the anti-CSRF token that only its own page knows."""

    code = "csrf_token_invalid"
