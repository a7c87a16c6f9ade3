"""Gateway event -> the fields of its JSON body. Pure."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final

from jwt_verifier import strict_json
from jwt_verifier.strict_json import JsonInvalid
from revocations.errors import RequestInvalid

MAX_BODY_BYTES: Final = 8_192


def fields_of(event: Mapping[str, Any]) -> dict[str, object]:
    """Return the body's fields.

    Args:
        event: Of payload format 2.0.

    Raises:
        RequestInvalid: The body is not a JSON object, or larger than 8 KB.
    """
    body = str(event.get("body") or "").encode(errors="surrogatepass")
    if len(body) > MAX_BODY_BYTES:
        raise RequestInvalid(f"body: {len(body)} bytes; give at most {MAX_BODY_BYTES}")
    try:
        raw = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body
        return strict_json.parse_object(raw)
    except (JsonInvalid, binascii.Error):
        raise RequestInvalid('body: it is not a JSON object; send one as {"sub": "..."}') from None
