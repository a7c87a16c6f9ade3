"""A Lambda integration's result -> the HTTP response; payload 2.0 with its inference.

A shape that API Gateway would not take is a 500, whatever else it says (API Gateway,
"Create AWS Lambda proxy integrations for HTTP APIs"). Where the answers that AWS recorded for
aws/aws-lambda-dotnet (Tools/LambdaTestTool-v2, Snapshots) differ from the guide, they win.
"""

import base64
import binascii
import json

from local.behaviour import LATE_INTEGRATION
from local.gateway.header_rules import end_to_end, is_header_name, is_header_value
from local.gateway.messages import GatewayResponse, Refusal, internal_error
from local.json_value import JsonObject, JsonValue
from local.runtime.outcome import Failed, GaveUp, Outcome, Succeeded
from local.template.local_app import PayloadFormat

_LOWEST_STATUS, _HIGHEST_STATUS = 200, 599
"""A final answer: what is below would only announce one (RFC 9110, 15.2)."""


def integration_response(
    outcome: Outcome, payload_format: PayloadFormat = "2.0"
) -> GatewayResponse:
    """Return the caller's response.

    Args:
        outcome: What came of the invocation.
        payload_format: 1.0 infers nothing and knows `multiValueHeaders`; 2.0 knows `cookies`.

    Raises:
        Refusal: 500 for a failed function or a malformed result, 503 for one that took too long.
    """
    match outcome:
        case Succeeded(payload):
            return _from_payload(payload, payload_format)
        case Failed(error_type, message):
            raise internal_error(f"the function failed: {error_type}: {message}")
        case GaveUp(limit_seconds):
            raise Refusal(*LATE_INTEGRATION, f"the function took more than {limit_seconds:g} s")


def _from_payload(payload: bytes, payload_format: PayloadFormat) -> GatewayResponse:
    try:
        result: JsonValue = json.loads(payload)
    except (ValueError, RecursionError):
        if payload_format == "1.0":
            raise internal_error("the function's result is not JSON") from None
        return _inferred(payload)
    if isinstance(result, dict) and "statusCode" in result:
        return _declared(result, payload_format)
    if payload_format == "1.0":
        raise internal_error("the function's result has no statusCode")
    return _inferred(result.encode("utf-8", "replace") if isinstance(result, str) else payload)


def _inferred(body: bytes) -> GatewayResponse:
    return GatewayResponse(200, [("content-type", "application/json")], body)


def _declared(result: JsonObject, payload_format: PayloadFormat) -> GatewayResponse:
    is_v2 = payload_format == "2.0"
    headers = end_to_end(_single_headers(result) if is_v2 else _multi_headers(result))
    if not any(name == "content-type" for name, _ in headers):
        headers.append(("content-type", "text/plain; charset=utf-8"))
    if is_v2:
        headers += [("set-cookie", _text("set-cookie", one)) for one in _list(result, "cookies")]
    return GatewayResponse(_status(result["statusCode"]), headers, _body(result))


def _single_headers(result: JsonObject) -> list[tuple[str, str]]:
    return [(_name(name), _text(name, value)) for name, value in _object(result, "headers").items()]


def _multi_headers(result: JsonObject) -> list[tuple[str, str]]:
    # A header in both has the values of both; what stands in both stands there once, as in REST.
    several = [
        (_name(name), _text(name, value))
        for name in _object(result, "multiValueHeaders")
        for value in _list(_object(result, "multiValueHeaders"), name)
    ]
    return [pair for pair in _single_headers(result) if pair not in several] + several


def _status(value: JsonValue) -> int:
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    status = int(text) if text.isascii() and text.isdigit() and len(text) == len("200") else 0
    if not _LOWEST_STATUS <= status <= _HIGHEST_STATUS:
        raise internal_error(f"the function's statusCode is {value!r}")
    return status


def _object(result: JsonObject, name: str) -> JsonObject:
    value = result.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise internal_error(f"the function's {name} are not an object")
    return value


def _list(result: JsonObject, name: str) -> list[JsonValue]:
    value = result.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise internal_error(f"the function's {name} are not a list")
    return value


def _name(name: str) -> str:
    if not is_header_name(name):
        raise internal_error(f"the function's header {name!r} has an invalid name")
    return name.lower()


def _text(name: str, value: JsonValue) -> str:
    if isinstance(value, dict | list) or value is None:
        raise internal_error(f"the function's header {name} is not a string")
    text = str(value).lower() if isinstance(value, bool) else str(value).strip(" \t")
    if not is_header_value(text):
        raise internal_error(f"the function's header {name} has invalid characters")
    return text


def _body(result: JsonObject) -> bytes:
    body, is_base64 = result.get("body"), result.get("isBase64Encoded") or False
    if not isinstance(is_base64, bool):
        raise internal_error("the function's isBase64Encoded is not a boolean")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise internal_error("the function's body is not a string")
    if not is_base64:
        return body.encode("utf-8", "replace")
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise internal_error("the function's body is not base64") from None
