"""A REST API -> what it answers a request that the authorizer has refused, as RFC 6750 has it.

An HTTP API cannot: its 401 and 403 are what they are ("Gateway responses for REST APIs", API
Gateway developer guide).
"""

from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from aws_jwt_authorizer import field_checks as check
from aws_jwt_authorizer.access.table_checks import AccessInvalid

ORIGINS = check.origins()
WWW_AUTHENTICATE = "WWW-Authenticate"
CHALLENGES = {
    "Unauthorized": ("UNAUTHORIZED", "401", "Bearer"),
    "Forbidden": ("ACCESS_DENIED", "403", 'Bearer error="insufficient_scope"'),
}
"""Type, status and challenge. A missing and a bad token are one type of response, so its challenge
cannot say which it was (RFC 6750 section 3.1 leaves the code out of the first)."""

DEFAULTS = {"Default4xx": "DEFAULT_4XX", "Default5xx": "DEFAULT_5XX"}


def bearer_responses(
    scope: Construct,
    construct_id: str,
    api: apigateway.IRestApi,
    *,
    allowed_origin: str | None = None,
) -> None:
    """Add the responses of a REST API that challenge for a bearer token.

    Args:
        scope: Where they stand.
        construct_id: What they stand under.
        api: Whose they are.
        allowed_origin: The origin whose pages may read refusals and errors of the gateway, which
            carry no CORS headers by themselves: "https://app.example.com".

    Raises:
        AccessInvalid: It is not an origin; one line.
    """
    if allowed_origin is not None and not ORIGINS.accepts([allowed_origin]):
        raise AccessInvalid(
            f"bearer_responses: allowed_origin is {allowed_origin!r}: it must be an origin such as "
            "https://app.example.com, without a path"
        )
    parent = Construct(scope, construct_id)
    shared = _cors(allowed_origin)
    for name, (kind, status, challenge) in CHALLENGES.items():
        apigateway.GatewayResponse(
            parent,
            name,
            rest_api=api,
            type=apigateway.ResponseType.of(kind),
            status_code=status,
            response_headers={WWW_AUTHENTICATE: f"'{challenge}'", **shared},
        )
    for name, kind in DEFAULTS.items() if shared else ():
        apigateway.GatewayResponse(
            parent,
            name,
            rest_api=api,
            type=apigateway.ResponseType.of(kind),
            response_headers=shared,
        )


def _cors(origin: str | None) -> dict[str, str]:
    if origin is None:
        return {}
    return {
        "Access-Control-Allow-Origin": f"'{origin}'",
        "Access-Control-Expose-Headers": f"'{WWW_AUTHENTICATE.lower()},x-amzn-requestid'",
        "Vary": "'Origin'",
    }
