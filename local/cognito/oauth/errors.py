"""Everything an OAuth 2.0 endpoint can refuse -> the answer of RFC 6749."""

import json

from werkzeug.wrappers import Response

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class OAuthError(Exception):
    """A refusal by an endpoint that a client calls without a browser.

    Args:
        code: An error code of RFC 6749 section 5.2 or RFC 7009 section 2.2.1.
        description: One sentence for a developer; never a secret.
        status: Of the answer.
        challenge: Whether to ask for HTTP Basic.
    """

    def __init__(
        self, code: str, description: str, *, status: int = 400, challenge: bool = False
    ) -> None:
        super().__init__(description)
        self.code = code
        self.status = status
        self.challenge = challenge

    def response(self) -> Response:
        """Return the JSON answer."""
        body = json.dumps({"error": self.code, "error_description": str(self)})
        response = Response(body, self.status, mimetype="application/json")
        response.headers.extend(NO_STORE)
        if self.challenge:
            response.headers["WWW-Authenticate"] = 'Basic realm="oauth2"'
        return response
