"""A pool -> its OpenID Connect discovery document, with this machine's endpoints."""

from local.cognito.pool import SignedPool
from local.json_value import JsonObject


def discovery_document(pool: SignedPool, url: str) -> JsonObject:
    """Return the document (OpenID Connect Discovery 1.0 section 3) of the deployed issuer.

    Args:
        pool: Whose.
        url: Of this server.
    """
    return {
        "authorization_endpoint": f"{url}/oauth2/authorize",
        "code_challenge_methods_supported": ["S256"],
        "end_session_endpoint": f"{url}/logout",
        "id_token_signing_alg_values_supported": ["RS256"],
        "issuer": pool.issuer,
        "jwks_uri": f"{url}/{pool.id}/.well-known/jwks.json",
        "response_types_supported": ["code"],
        "revocation_endpoint": f"{url}/oauth2/revoke",
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
        "token_endpoint": f"{url}/oauth2/token",
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "userinfo_endpoint": f"{url}/oauth2/userInfo",
    }
