"""What the user pool's tokens carry: all that the API's stack knows of the pool."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PoolTokens:
    """How a token of the pool is known.

    Attributes:
        pool_id: The pool's, "<region>_<id>".
        issuer: The `iss` of new tokens.
        accepted_issuers: Every `iss` that is accepted; during a switch both of Cognito's forms.
        client_ids: The pool's app clients: an access token's `client_id`, an ID token's `aud`.
    """

    pool_id: str
    issuer: str
    accepted_issuers: tuple[str, ...]
    client_ids: tuple[str, ...]
