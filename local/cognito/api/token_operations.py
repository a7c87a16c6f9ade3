"""GetTokensFromRefreshToken, RevokeToken, both sign-outs and GetUser.

A token alone authorises; what a revoked or expired one may do is nothing.
"""

from local.cognito.access_tokens import Bearer, bearer_of
from local.cognito.api.auth_flows import API_SCOPE
from local.cognito.api.parameters import Parameters
from local.cognito.app_clients import may_refresh, secret_is_right
from local.cognito.backend import StrictBackend
from local.cognito.errors import Refused, invalid_parameter, not_authorized
from local.cognito.federation.federated_users import IDENTITIES
from local.cognito.pool import SignedPool
from local.cognito.token_sessions import RefreshRefused, is_signed_token
from local.cognito.tokens import TokenIssuer
from local.cognito.users import attributes_of
from local.json_value import JsonObject, JsonValue


class TokenOperations:
    """Prolongs and ends sessions by the API.

    Args:
        backend: The pools.
        issuer: Makes the tokens.
    """

    def __init__(self, backend: StrictBackend, issuer: TokenIssuer) -> None:
        self._backend = backend
        self._issuer = issuer

    def get_tokens_from_refresh_token(self, asked: Parameters) -> JsonObject:
        """GetTokensFromRefreshToken: the only refresh of the API for a client with rotation."""
        pool, client_id = self._authenticated(asked, "NotAuthorizedException")
        client = pool.client(client_id)
        if client is None or not may_refresh(client):
            raise not_authorized("This client may not refresh tokens")
        try:
            tokens = self._issuer.refreshed_tokens(
                pool, client, asked.text("RefreshToken"), asked.texts("ClientMetadata")
            )
        except RefreshRefused as refused:
            if refused.reused:
                raise Refused("RefreshTokenReuseException", str(refused)) from refused
            raise not_authorized(str(refused)) from refused
        return {"AuthenticationResult": tokens.api()}

    def revoke_token(self, asked: Parameters) -> JsonObject:
        """RevokeToken: end the session of a refresh token; an unknown token is not an error."""
        if asked.optional_text("RevokeAssociatedSessions") not in (None, "NONE"):
            raise invalid_parameter("RevokeAssociatedSessions: only NONE is modelled")
        pool, client_id = self._authenticated(asked, "UnauthorizedException")
        token = asked.text("Token")
        if is_signed_token(token):
            raise Refused("UnsupportedTokenTypeException", "Only refresh tokens can be revoked")
        if pool.sessions.client_of(token) not in (None, client_id):
            raise Refused("UnauthorizedException", "The token is another client's")
        pool.sessions.revoke(token)
        return {}

    def global_sign_out(self, asked: Parameters) -> JsonObject:
        """GlobalSignOut: end all sessions of the access token's person."""
        bearer = self._bearer(asked)
        bearer.pool.sessions.sign_out(bearer.user.username)
        return {}

    def admin_user_global_sign_out(self, asked: Parameters) -> JsonObject:
        """AdminUserGlobalSignOut: end all sessions of a person."""
        pool_id = asked.text("UserPoolId")
        pool = self._backend.signed_pool(pool_id)
        if pool is None:
            raise Refused("ResourceNotFoundException", f"User pool {pool_id} does not exist.")
        user = pool.user(asked.text("Username"))
        if user is None:
            raise Refused("UserNotFoundException", "User does not exist.")
        pool.sessions.sign_out(user.username)
        return {}

    def get_user(self, asked: Parameters) -> JsonObject:
        """GetUser: the attributes of the access token's person."""
        bearer = self._bearer(asked)
        client = bearer.pool.client(bearer.client_id)
        may_read = client.readable_attributes if client else None
        attributes: list[JsonValue] = [
            {"Name": name, "Value": value}
            for name, value in attributes_of(bearer.user).items()
            if may_read is None or name in ("sub", IDENTITIES) or name in may_read
        ]
        return {"Username": bearer.user.username, "UserAttributes": attributes}

    def _bearer(self, asked: Parameters) -> Bearer:
        bearer = bearer_of(self._backend.signed_pools, asked.text("AccessToken"))
        if API_SCOPE not in bearer.scopes:
            raise not_authorized("Access Token does not have required scopes")
        return bearer

    def _authenticated(self, asked: Parameters, error_code: str) -> tuple[SignedPool, str]:
        client_id = asked.text("ClientId")
        pool = self._backend.pool_of_client(client_id)
        if pool is None:
            raise Refused(
                "ResourceNotFoundException", f"User pool client {client_id} does not exist."
            )
        if not secret_is_right(pool.clients[client_id], asked.optional_text("ClientSecret")):
            raise Refused(error_code, f"Unable to verify the secret of client {client_id}")
        return pool, client_id
