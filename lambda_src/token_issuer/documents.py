"""The issuer's URL -> its discovery document. Pure."""


def discovery(issuer_url: str) -> dict[str, object]:
    """What verifiers and clients must know (OpenID Connect Discovery 1.0 section 3, RFC 8414).

    `response_types_supported` and `subject_types_supported` are there because OpenID Connect
    demands them; there is no authorization endpoint, and no ID token is ever made.

    Args:
        issuer_url: The `iss` of its tokens, to the letter.
    """
    return {
        "issuer": issuer_url,
        "token_endpoint": f"{issuer_url}/oauth2/token",
        "jwks_uri": f"{issuer_url}/.well-known/jwks.json",
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "response_types_supported": ["token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }
