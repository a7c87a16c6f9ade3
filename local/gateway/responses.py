"""A Lambda integration's result -> the HTTP response, payload 2.0 with its inference.

The rule: a shape that API Gateway would not take is a 500, whatever else it says (API Gateway,
"Create AWS Lambda proxy integrations for HTTP APIs").
"""

import base64
import binascii
import json

from local.gateway.messages import GatewayResponse, Refusal, internal_error
from local.json_value import JsonObject, JsonValue
from local.runtime.outcome import Failed, GaveUp, Outcome, Succeeded

_LOWEST_STATUS, _HIGHEST_STATUS = 100, 599


def integration_response(outcome: Outcome) -> GatewayResponse:
    """What the caller gets.

    Raises:
        Refusal: 500 for a failed function or a malformed result, 503 for one that took too long.
    """
    match outcome:
        case Succeeded(payload):
            return _from_payload(payload)
        case Failed(error_type, message):
            raise internal_error(f"the function failed: {error_type}: {message}")
        case GaveUp(limit_seconds):
            raise Refusal(
                503, "Service Unavailable", f"the function took more than {limit_seconds:g} s"
            )


def _from_payload(payload: bytes) -> GatewayResponse:
    try:
        result: JsonValue = json.loads(payload)
    except ValueError:
        raise internal_error("the function's result is no JSON") from None
    if isinstance(result, dict) and "statusCode" in result:
        return _declared(result)
    body = result if isinstance(result, str) else json.dumps(result, separators=(",", ":"))
    return GatewayResponse(200, [("content-type", "application/json")], body.encode())


def _declared(result: JsonObject) -> GatewayResponse:
    headers = [
        (name.lower(), _header_value(name, value))
        for name, value in _object(result, "headers").items()
    ]
    if not any(name == "content-type" for name, _ in headers):
        headers.append(("content-type", "text/plain"))
    cookies = result.get("cookies") or []
    if not isinstance(cookies, list):
        raise internal_error("the function's cookies are no list")
    headers += [("set-cookie", _header_value("set-cookie", cookie)) for cookie in cookies]
    return GatewayResponse(_status(result["statusCode"]), headers, _body(result))


def _status(value: JsonValue) -> int:
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    status = int(text) if text.isascii() and text.isdigit() else 0
    if not _LOWEST_STATUS <= status <= _HIGHEST_STATUS:
        raise internal_error(f"the function's statusCode is {value!r}")
    return status


def _object(result: JsonObject, name: str) -> JsonObject:
    value = result.get(name) or {}
    if not isinstance(value, dict):
        raise internal_error(f"the function's {name} are no object")
    return value


def _header_value(name: str, value: JsonValue) -> str:
    if isinstance(value, dict | list) or value is None:
        raise internal_error(f"the function's header {name} is no string")
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if "\r" in text or "\n" in text or not text.isascii():
        raise internal_error(f"the function's header {name} has characters that none may have")
    return text


def _body(result: JsonObject) -> bytes:
    body = result.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise internal_error("the function's body is no string")
    if not result.get("isBase64Encoded"):
        return body.encode("utf-8", "replace")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error:
        raise internal_error("the function's body is no base64") from None
