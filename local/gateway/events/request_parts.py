"""Request -> the parts that events and forwarded requests are made of: headers, cookies, body.

What concerns only the connection to this gateway goes no further (RFC 9110, 7.6.1).
"""

import re

from local.gateway.context import RequestContext
from local.gateway.header_rules import end_to_end
from local.gateway.messages import GatewayRequest

_TEXT_TYPES = ("application/json", "application/xml", "application/javascript")
_CHARSET = re.compile(r"charset=\"?([^\s;\"]+)")


def forwarded_headers(context: RequestContext) -> list[tuple[str, str]]:
    """Return the request's headers as a backend gets them: the client's and the gateway's own."""
    request = context.request
    kept = end_to_end(request.headers)
    names = {name for name, _ in request.headers}
    if not request.body and names.isdisjoint({"content-length", "transfer-encoding"}):
        # So the gateway has it of a GET too (observed).
        kept.append(("content-length", "0"))
    own = {
        "x-amzn-trace-id": request.header("x-amzn-trace-id") or context.trace_id,
        "x-forwarded-for": _forwarded_for(request),
        "x-forwarded-port": str(request.port),
        "x-forwarded-proto": "http",
    }
    return sorted([(name, value) for name, value in kept if name not in own] + list(own.items()))


def cookies(request: GatewayRequest) -> list[str]:
    """Return each cookie of the request, as `name=value`."""
    lines = [value for name, value in request.headers if name == "cookie"]
    return [cookie.strip() for line in lines for cookie in line.split(";") if cookie.strip()]


def text_body(request: GatewayRequest) -> str | None:
    """Return the body as text, or None if the gateway would hand it over in base64."""
    media_type, _, parameters = (request.header("content-type") or "").lower().partition(";")
    is_text = media_type.strip().startswith("text/") or media_type.strip() in _TEXT_TYPES
    charset = _CHARSET.search(parameters)
    if not is_text or (charset and charset[1] != "utf-8"):
        return None
    try:
        return request.body.decode()
    except UnicodeDecodeError:
        return None


def _forwarded_for(request: GatewayRequest) -> str:
    given = request.header("x-forwarded-for")
    return f"{given}, {request.source_ip}" if given else request.source_ip
