"""`GET /oauth2/userInfo` -> what the scopes of an access token let its client know of a person."""

import json

from werkzeug.wrappers import Request, Response

from local.cognito.access_tokens import bearer_of
from local.cognito.backend import StrictBackend
from local.cognito.errors import Refused
from local.cognito.oauth.errors import NO_STORE
from local.cognito.users import readable

_MALFORMED = "Bad OAuth2 request at UserInfo Endpoint"
_DEAD = "Access token is expired, disabled, or deleted, or the user has globally signed out."
_NO_OPENID = "Access token does not contain openid scope"


class UserInfoEndpoint:
    """Serves the people of every pool of a backend."""

    def __init__(self, backend: StrictBackend) -> None:
        self._backend = backend

    def respond(self, request: Request) -> Response:
        """Answer one request; all values are strings, `email_verified` too, as Cognito's are."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return _refused(400, "invalid_request", _MALFORMED)
        try:
            bearer = bearer_of(self._backend.signed_pools, token)
        except Refused:
            return _refused(401, "invalid_token", _DEAD)
        if "openid" not in bearer.scopes:
            return _refused(401, "invalid_token", _NO_OPENID)
        client = bearer.pool.client(bearer.client_id)
        if client is None:
            return _refused(401, "invalid_token", _DEAD)
        answer = {
            "sub": bearer.user.id,
            **readable(bearer.user, client, bearer.scopes),
            "username": bearer.user.username,
        }
        return Response(json.dumps(answer), 200, headers=NO_STORE, mimetype="application/json")


def _refused(status: int, code: str, description: str) -> Response:
    headers = {
        **NO_STORE,
        "WWW-Authenticate": f'Bearer error="{code}", error_description="{description}"',
    }
    body = json.dumps({"error": code, "error_description": description})
    return Response(body, status, headers=headers, mimetype="application/json")
