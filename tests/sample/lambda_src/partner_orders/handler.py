"""Gateway event -> orders, for a caller whom the built-in JWT authorizer has passed."""

from function_kit.backend import Answer, Request, backend, claims_of

PARTNER_ORDERS = ({"id": "order-9", "item": "shelf", "quantity": 4},)


@backend
def handler(request: Request) -> Answer:
    """Answer `{"orders": [...], "issuer": ..., "sub": ...}`."""
    claims = claims_of(request)
    return 200, {
        "orders": list(PARTNER_ORDERS),
        "issuer": claims.get("iss"),
        "sub": claims.get("sub"),
    }
