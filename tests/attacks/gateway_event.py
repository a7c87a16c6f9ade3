"""Authorization header -> the event that API Gateway sends a Lambda authorizer, format 2.0."""

from typing import Any

ROUTE_KEY = "GET /orders"


def gateway_event(authorization: object, **changes: Any) -> dict[str, Any]:
    """Return a full event (AWS, HTTP API Lambda authorizers), with members replaced."""
    path = ROUTE_KEY.partition(" ")[2]
    event: dict[str, Any] = {
        "version": "2.0",
        "type": "REQUEST",
        "routeArn": "arn:aws:execute-api:eu-west-1:123456789012:abcdef123/$default/GET/orders",
        "identitySource": [authorization, ROUTE_KEY],
        "routeKey": ROUTE_KEY,
        "rawPath": path,
        "rawQueryString": "",
        "headers": {
            "accept": "*/*",
            "authorization": authorization,
            "host": "abcdef123.execute-api.eu-west-1.amazonaws.com",
            "user-agent": "curl/8.9.1",
            "x-forwarded-for": "192.0.2.1",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "abcdef123",
            "domainName": "abcdef123.execute-api.eu-west-1.amazonaws.com",
            "domainPrefix": "abcdef123",
            "http": {
                "method": "GET",
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "curl/8.9.1",
            },
            "requestId": "EXAMPLErequest=",
            "routeKey": ROUTE_KEY,
            "stage": "$default",
            "time": "01/Jan/2026:00:00:00 +0000",
            "timeEpoch": 1767225600000,
        },
    }
    return {**event, **changes}


def bearer(token: str) -> dict[str, Any]:
    """Return the event of a request that carries this token."""
    return gateway_event(f"Bearer {token}")
