"""A request of AWS's SDK -> which service and operation it asks for, and how a refusal is written.

The protocols name an operation in a header, in the path, in a form, or by method and path alone
("Smithy 2.0", AWS protocols). Every call but Cognito's open ones is signed, and the signature names
the service (AWS Signature Version 4, "Credential").
"""

import json
import re
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from werkzeug.wrappers import Request, Response

_NOT_SERVED: Final = 501
_ERROR_CODE: Final = "NotServedLocally"
_CREDENTIAL: Final = re.compile(r"Credential=([^\s,]+)")
_SERVICE_BY_TARGET: Final = {
    "AWSCognitoIdentityProviderService": "cognito-idp",
    "DynamoDB_20120810": "dynamodb",
    "TrentService": "kms",
    "secretsmanager": "secretsmanager",
}
"""What an unsigned call's X-Amz-Target begins with."""

_XML_SERVICES: Final = frozenset({"cloudfront", "route53", "s3"})
_CBOR_PATH: Final = re.compile(r"/service/[^/]+/operation/([^/]+)")
_CBOR_TEXT, _CBOR_PAIRS = 0x60, 0xA0
_CBOR_SHORT, _CBOR_TWO_BYTES = 24, 25


@dataclass(frozen=True, slots=True)
class AwsCall:
    """What a call asks for.

    Attributes:
        caller: The access key id that signed it; "" of an unsigned call.
        service: As signatures call it, "dynamodb"; "" if nothing says it.
        operation: "PutItem", or method and path where only these say it.
        protocol: What an answer is written in.
    """

    caller: str
    service: str
    operation: str
    protocol: str


def call_of(request: Request) -> AwsCall:
    """Return what a request asks for."""
    target, _, operation = request.headers.get("X-Amz-Target", "").rpartition(".")
    credential = _CREDENTIAL.search(request.headers.get("Authorization", ""))
    # KEY/date/region/service/aws4_request; nothing is known of how a key is spelled.
    scope = (credential[1] if credential else "").rsplit("/", 4)
    caller, service = (scope[0], scope[3]) if len(scope) == 5 else ("", "")  # noqa: PLR2004
    service = service or _SERVICE_BY_TARGET.get(target, "")
    if operation:
        return AwsCall(caller, service, operation, "json")
    if cbor := _CBOR_PATH.fullmatch(request.path):
        return AwsCall(caller, service, cbor[1], "cbor")
    if action := request.form.get("Action"):
        return AwsCall(caller, service, action, "query")
    protocol = "xml" if service in _XML_SERVICES else "json"
    return AwsCall(caller, service, f"{request.method} {request.path}", protocol)


def refusal(call: AwsCall, message: str) -> Response:
    """Return a 501 that the caller's SDK raises with its code and its message."""
    error = {"__type": _ERROR_CODE, "message": message}
    match call.protocol:
        case "cbor":
            answer = Response(_cbor(error), mimetype="application/cbor")
            answer.headers["smithy-protocol"] = "rpc-v2-cbor"
        case "query":
            text = f"<Response><Errors>{_xml(message)}</Errors></Response>"
            answer = Response(text, mimetype="text/xml")
        case "xml":
            answer = Response(_xml(message), mimetype="application/xml")
        case _:
            answer = Response(json.dumps(error), mimetype="application/x-amz-json-1.0")
            answer.headers["x-amzn-errortype"] = _ERROR_CODE
    answer.status_code = _NOT_SERVED
    return answer


def _xml(message: str) -> str:
    return f"<Error><Code>{_ERROR_CODE}</Code><Message>{escape(message)}</Message></Error>"


def _cbor(texts: dict[str, str]) -> bytes:
    """Encode a map of texts (RFC 8949 section 3.1)."""
    parts = [_cbor_text(text) for pair in texts.items() for text in pair]
    return bytes([_CBOR_PAIRS + len(texts)]) + b"".join(parts)


def _cbor_text(text: str) -> bytes:
    encoded = text.encode()
    if len(encoded) < _CBOR_SHORT:
        return bytes([_CBOR_TEXT + len(encoded)]) + encoded
    return bytes([_CBOR_TEXT + _CBOR_TWO_BYTES]) + len(encoded).to_bytes(2, "big") + encoded
