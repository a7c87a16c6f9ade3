"""`POST /oauth2/token` -> tokens: authorization code with PKCE, refresh, client credentials.

RFC 6749 to the letter; any other grant is refused as unsupported.
"""

import json

from werkzeug.wrappers import Request, Response

from local.cognito.app_clients import may_refresh
from local.cognito.backend import StrictBackend
from local.cognito.errors import Refused
from local.cognito.oauth.client_authentication import authenticate_client, check_form
from local.cognito.oauth.codes import Codes
from local.cognito.oauth.errors import NO_STORE, OAuthError
from local.cognito.pool import SignedPool
from local.cognito.token_sessions import RefreshRefused
from local.cognito.tokens import SignIn, TokenIssuer, Tokens
from local.template.pool_config import ClientConfig

_METADATA = "aws_client_metadata"


class TokenEndpoint:
    """Serves the app clients of every pool of a backend.

    Args:
        backend: The pools.
        codes: Where sign-ins wait for their exchange.
        issuer: Makes the tokens.
    """

    def __init__(self, backend: StrictBackend, codes: Codes, issuer: TokenIssuer) -> None:
        self._backend = backend
        self._codes = codes
        self._issuer = issuer

    def respond(self, request: Request) -> Response:
        """Answer one request (RFC 6749 sections 4.1.3, 4.4.2, 5 and 6)."""
        try:
            tokens = self._tokens(request)
        except OAuthError as error:
            return error.response()
        except Refused as refused:
            code = (
                "invalid_grant" if refused.code == "NotAuthorizedException" else "invalid_request"
            )
            return OAuthError(code, str(refused)).response()
        body = json.dumps(tokens.oauth())
        return Response(body, 200, headers=NO_STORE, mimetype="application/json")

    def _tokens(self, request: Request) -> Tokens:
        check_form(request)
        pool, client = authenticate_client(self._backend, request)
        match request.form.get("grant_type"):
            case "authorization_code":
                return self._authorization_code(pool, client, request)
            case "refresh_token":
                return self._refresh_token(pool, client, request)
            case "client_credentials":
                return self._client_credentials(pool, client, request)
            case None:
                raise OAuthError("invalid_request", "grant_type is missing")
            case _:
                raise OAuthError(
                    "unsupported_grant_type",
                    "grant_type must be authorization_code, refresh_token or client_credentials",
                )

    def _authorization_code(
        self, pool: SignedPool, client: ClientConfig, request: Request
    ) -> Tokens:
        _require_flow(client, "code")
        code, redirect_uri = request.form.get("code"), request.form.get("redirect_uri")
        if not code or not redirect_uri:
            raise OAuthError("invalid_request", "code and redirect_uri are both needed")
        grant = self._codes.redeem(code, client.id, redirect_uri, request.form.get("code_verifier"))
        user = pool.named(grant.username)
        if user is None or not user.enabled:
            raise OAuthError("invalid_grant", "the person is disabled or gone")
        sign_in = SignIn(
            pool, client, user, grant.scopes, grant.auth_time, by_api=False, nonce=grant.nonce
        )
        return self._issuer.first_tokens(sign_in, grant.customisation)

    def _refresh_token(self, pool: SignedPool, client: ClientConfig, request: Request) -> Tokens:
        if not may_refresh(client):
            raise OAuthError("unauthorized_client", "the client may not refresh tokens")
        token = request.form.get("refresh_token")
        if not token:
            raise OAuthError("invalid_request", "refresh_token is missing")
        try:
            return self._issuer.refreshed_tokens(pool, client, token)
        except RefreshRefused as refused:
            raise OAuthError("invalid_grant", str(refused)) from refused

    def _client_credentials(
        self, pool: SignedPool, client: ClientConfig, request: Request
    ) -> Tokens:
        _require_flow(client, "client_credentials")
        scope = request.form.get("scope")
        # Cognito grants all of the client's scopes to a request that names none.
        scopes = client.oauth_scopes if scope is None else tuple(scope.split(" "))
        unknown = [name for name in scopes if name not in client.oauth_scopes]
        if unknown:
            raise OAuthError("invalid_scope", f"the client may not have {' '.join(unknown)!r}")
        return self._issuer.machine_tokens(pool, client, scopes, _metadata(request))


def _require_flow(client: ClientConfig, flow: str) -> None:
    if flow not in client.oauth_flows:
        raise OAuthError("unauthorized_client", f"the client may not use the {flow} flow")


def _metadata(request: Request) -> dict[str, str] | None:
    text = request.form.get(_METADATA)
    if text is None:
        return None
    try:
        values = json.loads(text)
    except ValueError as error:
        raise OAuthError("invalid_request", f"{_METADATA} is not JSON") from error
    if not isinstance(values, dict) or not all(isinstance(v, str) for v in values.values()):
        raise OAuthError("invalid_request", f"{_METADATA} must be an object of strings")
    return values
