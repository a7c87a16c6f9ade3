"""Everything an OAuth 2.0 endpoint can refuse -> the answer of RFC 6749."""

import json

from werkzeug.wrappers import Response

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class OAuthError(Exception):
    """A refusal by the token endpoint.

    Args:
        code: An error code of RFC 6749 section 5.2.
        description: One sentence for a developer; never a secret.
        challenge: Whether the client used HTTP Basic, which asks for a 401 with a challenge.
    """

    def __init__(self, code: str, description: str, *, challenge: bool = False) -> None:
        super().__init__(description)
        self.code = code
        self.challenge = challenge

    def response(self) -> Response:
        """The JSON answer: 400, or 401 if the client tried HTTP Basic."""
        body = json.dumps({"error": self.code, "error_description": str(self)})
        response = Response(body, 401 if self.challenge else 400, mimetype="application/json")
        response.headers.extend(NO_STORE)
        if self.challenge:
            response.headers["WWW-Authenticate"] = 'Basic realm="oauth2"'
        return response
