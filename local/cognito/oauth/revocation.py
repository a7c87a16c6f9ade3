"""`POST /oauth2/revoke` -> the end of a refresh token's session (RFC 7009).

A token that is unknown or already revoked is answered like one that was good.
"""

from werkzeug.wrappers import Request, Response

from local.cognito.backend import StrictBackend
from local.cognito.oauth.client_authentication import authenticate_client, check_form
from local.cognito.oauth.errors import NO_STORE, OAuthError
from local.cognito.token_sessions import is_signed_token


class RevocationEndpoint:
    """Serves the app clients of every pool of a backend."""

    def __init__(self, backend: StrictBackend) -> None:
        self._backend = backend

    def respond(self, request: Request) -> Response:
        """Answer one request: 200 and nothing, or an error of RFC 7009 section 2.2.1."""
        try:
            self._revoke(request)
        except OAuthError as error:
            return error.response()
        return Response(status=200, headers=NO_STORE)

    def _revoke(self, request: Request) -> None:
        check_form(request)
        pool, client = authenticate_client(self._backend, request, status=401)
        token = request.form.get("token")
        if not token:
            raise OAuthError("invalid_request", "token is missing")
        if is_signed_token(token):
            raise OAuthError("unsupported_token_type", "only refresh tokens can be revoked")
        if pool.sessions.client_of(token) not in (None, client.id):
            raise OAuthError("unauthorized_client", "the token is another client's")
        pool.sessions.revoke(token)
