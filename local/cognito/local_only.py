"""`POST /local-only/sign-in-without-mfa`: a password -> tokens, where the pool asks for more.

Amazon Cognito has nothing like it, hence its path. A second factor is not modelled here, so a pool
with `MfaConfiguration` ON signs nobody in by password: this is how scripts and the demo still get
the tokens that a person with their second factor would get.
"""

import json
from collections.abc import Callable

from werkzeug.wrappers import Request, Response

from local.cognito.api.auth_flows import API_SCOPE
from local.cognito.backend import StrictBackend
from local.cognito.errors import Refused
from local.cognito.oauth.client_authentication import authenticate_client, check_form
from local.cognito.oauth.errors import NO_STORE, OAuthError
from local.cognito.passwords import LOCAL_ONLY_PATH, check_password, must_change_password
from local.cognito.pre_token import AUTHENTICATION, HOSTED_AUTH
from local.cognito.routes import Route, Routes
from local.cognito.tokens import SignIn, TokenIssuer, Tokens


def local_only_routes(
    backend: StrictBackend, issuer: TokenIssuer, clock: Callable[[], float]
) -> Routes:
    """Return the one route that AWS does not have.

    Args:
        backend: The pools; the app client in a request says which one is meant.
        issuer: Makes the tokens.
        clock: Seconds since the epoch.
    """
    return {LOCAL_ONLY_PATH: Route(_LocalOnlySignIn(backend, issuer, clock).respond, ("POST",))}


class _LocalOnlySignIn:
    def __init__(
        self, backend: StrictBackend, issuer: TokenIssuer, clock: Callable[[], float]
    ) -> None:
        self._backend = backend
        self._issuer = issuer
        self._clock = clock

    def respond(self, request: Request) -> Response:
        """Answer a form of `client_id`, `username`, `password` and, if wanted, `scope`."""
        try:
            tokens = self._tokens(request)
        except OAuthError as error:
            return error.response()
        except Refused as refused:
            return OAuthError("invalid_grant", str(refused)).response()
        body = json.dumps(tokens.oauth())
        return Response(body, 200, headers=NO_STORE, mimetype="application/json")

    def _tokens(self, request: Request) -> Tokens:
        """Make tokens like the page's if scopes are given, else like those of Cognito's own API."""
        check_form(request)
        pool, client = authenticate_client(self._backend, request)
        if not pool.requires_mfa:
            raise OAuthError("invalid_request", "this pool asks for a password alone: sign in so")
        scopes = tuple(request.form.get("scope", "").split())
        if not set(scopes) <= set(client.oauth_scopes):
            raise OAuthError("invalid_scope", "the client may not have one of these scopes")
        if not scopes and "ALLOW_USER_PASSWORD_AUTH" not in client.auth_flows:
            raise OAuthError("invalid_scope", "name the scopes: the client takes no password")
        username, password = request.form.get("username", ""), request.form.get("password", "")
        user = check_password(pool, client, username, password)
        if must_change_password(user):
            raise OAuthError("invalid_grant", "this password is temporary")
        now, by_api = int(self._clock()), not scopes
        sign_in = SignIn(pool, client, user, scopes or (API_SCOPE,), now, by_api=by_api)
        source = AUTHENTICATION if by_api else HOSTED_AUTH
        return self._issuer.first_tokens(sign_in, self._issuer.customise(sign_in, source))
