"""The issuer's URL -> its discovery document. Pure."""

from typing import Final

OPENID_PATH: Final = "/.well-known/openid-configuration"
"""Where OpenID Connect Discovery 1.0 section 4 has the document, and API Gateway asks for it."""

RFC_8414_PATH: Final = "/.well-known/oauth-authorization-server"
"""Where RFC 8414 section 3 has it, for OAuth clients that know nothing of OpenID Connect."""

JWKS_PATH: Final = "/.well-known/jwks.json"


def discovery(issuer_url: str) -> dict[str, object]:
    """Return the discovery document (OpenID Connect Discovery 1.0 section 3, RFC 8414).

    `response_types_supported`, `subject_types_supported` and the ID token's algorithms are there
    because OpenID Connect demands them. No response type is supported, for there is no
    authorization endpoint (RFC 8414 section 2), and no ID token is ever made.

    Args:
        issuer_url: The `iss` of its tokens, to the letter.
    """
    return {
        "issuer": issuer_url,
        "token_endpoint": f"{issuer_url}/oauth2/token",
        "jwks_uri": f"{issuer_url}{JWKS_PATH}",
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "response_types_supported": [],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }
