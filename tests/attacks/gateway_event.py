"""Authorization header or cookie -> the event that API Gateway sends a Lambda authorizer, 2.0."""

from typing import Any

from function_kit.csrf_token import csrf_token

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


PAGE_ORIGIN = "https://app.example"
COOKIE = "__Host-Http-access"


def page_event(
    *cookies: object, csrf: object = None, method: str = "GET", **headers: object
) -> dict[str, Any]:
    """Return the event of a request that a browser sends for a script of our own page.

    Args:
        cookies: the cookies as the event lists them.
        csrf: the value of X-CSRF-Token; None: the right one of the first cookie.
        method: of the request.
        headers: headers by name, `_` for `-`; None takes one away. By default those of a GET: no
            Origin, and Sec-Fetch-Site.
    """
    event = gateway_event("", identitySource=[], cookies=list(cookies))
    del event["headers"]["authorization"]
    event["requestContext"]["http"]["method"] = method
    if csrf is None:
        csrf = csrf_token(str(cookies[0]).partition("=")[2])
    given = {"sec_fetch_site": "same-origin", "x_csrf_token": csrf, **headers}
    event["headers"] |= {name.replace("_", "-"): value for name, value in given.items()}
    event["headers"] = {
        name: value for name, value in event["headers"].items() if value is not None
    }
    return event


def bearer(token: str) -> dict[str, Any]:
    """Return the event of a request that carries this token."""
    return gateway_event(f"Bearer {token}")
