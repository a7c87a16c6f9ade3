"""`POST /oauth2/token` -> tokens: client credentials, and authorization code with PKCE.

The rule: RFC 6749 to the letter; any other grant is refused as unsupported.
"""

import base64
import binascii
import hmac
import json
from urllib.parse import unquote

from werkzeug.wrappers import Request, Response

from local.cognito.app_clients import read_app_client
from local.cognito.backend import StrictBackend
from local.cognito.codes import Codes
from local.cognito.oauth_errors import NO_STORE, OAuthError
from local.cognito.pool import SignedPool
from local.json_value import JsonObject
from local.template.local_app import ClientConfig

_FORM = "application/x-www-form-urlencoded"


class TokenEndpoint:
    """Serves the app clients of every pool of a backend."""

    def __init__(self, backend: StrictBackend, codes: Codes) -> None:
        self._backend = backend
        self._codes = codes

    def respond(self, request: Request) -> Response:
        """Answer one request (RFC 6749 sections 4.1.3, 4.4.2 and 5)."""
        try:
            tokens = self._tokens(request)
        except OAuthError as error:
            return error.response()
        return Response(json.dumps(tokens), 200, headers=NO_STORE, mimetype="application/json")

    def _tokens(self, request: Request) -> JsonObject:
        if request.method != "POST" or request.mimetype != _FORM:
            raise OAuthError("invalid_request", f"POST a form as {_FORM}")
        for name, values in request.form.lists():
            if len(values) > 1:
                raise OAuthError("invalid_request", f"the parameter {name} is repeated")
        pool, client = self._authenticate(request)
        match request.form.get("grant_type"):
            case "client_credentials":
                return _client_credentials(pool, client, request.form.get("scope"))
            case "authorization_code":
                return self._authorization_code(pool, client, request)
            case None:
                raise OAuthError("invalid_request", "grant_type is missing")
            case _:
                raise OAuthError(
                    "unsupported_grant_type",
                    "the local stack knows client_credentials and authorization_code",
                )

    def _authenticate(self, request: Request) -> tuple[SignedPool, ClientConfig]:
        basic = request.headers.get("Authorization")
        if basic is None:
            client_id, secret = request.form.get("client_id", ""), request.form.get("client_secret")
        else:
            client_id, secret = _basic(basic)
            if request.form.get("client_id", client_id) != client_id:
                raise OAuthError("invalid_request", "client_id differs from the one in the header")
        pool = self._backend.pool_of_client(client_id)
        if pool is None or not _secret_is_right(pool, client_id, secret):
            raise OAuthError(
                "invalid_client",
                "the client is unknown or its secret is wrong",
                challenge=basic is not None,
            )
        return pool, read_app_client(pool.clients[client_id])

    def _authorization_code(
        self, pool: SignedPool, client: ClientConfig, request: Request
    ) -> JsonObject:
        _require_flow(client, "code")
        code, redirect_uri = request.form.get("code"), request.form.get("redirect_uri")
        if not code or not redirect_uri:
            raise OAuthError("invalid_request", "code and redirect_uri are both needed")
        grant = self._codes.redeem(code, client.id, redirect_uri, request.form.get("code_verifier"))
        return pool.user_tokens(client.id, grant.username, grant.scopes, grant.nonce)


def _client_credentials(pool: SignedPool, client: ClientConfig, scope: str | None) -> JsonObject:
    _require_flow(client, "client_credentials")
    # Cognito grants all of the client's scopes to a request that names none.
    scopes = client.oauth_scopes if scope is None else tuple(scope.split(" "))
    unknown = [name for name in scopes if name not in client.oauth_scopes]
    if unknown:
        raise OAuthError("invalid_scope", f"the client may not have {' '.join(unknown)!r}")
    return pool.machine_tokens(client.id, scopes)


def _require_flow(client: ClientConfig, flow: str) -> None:
    if flow not in client.oauth_flows:
        raise OAuthError("unauthorized_client", f"the client may not use the {flow} flow")


def _basic(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    try:
        decoded = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        decoded = ""
    client_id, colon, secret = decoded.partition(":")
    if scheme.lower() != "basic" or not colon:
        raise OAuthError("invalid_client", "the Authorization header is not Basic", challenge=True)
    return unquote(client_id), unquote(secret)


def _secret_is_right(pool: SignedPool, client_id: str, secret: str | None) -> bool:
    client = pool.clients[client_id]
    if not client.generate_secret:
        return secret is None
    return secret is not None and hmac.compare_digest(secret.encode(), client.secret.encode())
