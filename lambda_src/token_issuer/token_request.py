"""Gateway event -> TokenRequest: RFC 6749 sections 2.3.1, 3.2, 4.4.2 and RFC 8707 section 2.

Nothing is looked up here: what is malformed is refused before it costs anything.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, unquote_plus

from token_issuer.errors import ClientInvalid, GrantUnsupported, RequestInvalid, ScopeInvalid

MAX_BODY_BYTES: Final = 4_096
MAX_PARAMETERS: Final = 20
MAX_SCOPES: Final = 20
RESOURCE: Final = "resource"
FORM: Final = "application/x-www-form-urlencoded"

_SCOPE: Final = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]{1,128}")
_VISIBLE: Final = re.compile(r"[\x20-\x7E]{1,256}")


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who a client says it is, and its proof."""

    client_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """What a client asks for.

    Attributes:
        credentials: Who asks.
        scopes: None means all that it may have.
        resources: Where the token is to be used (RFC 8707); none means this issuer's audience.
    """

    credentials: Credentials
    scopes: tuple[str, ...]
    resources: tuple[str, ...] = ()


def parse(event: Mapping[str, Any]) -> TokenRequest:
    """Read a request to the token endpoint.

    Args:
        event: An HTTP API event, payload format 2.0.

    Raises:
        RequestInvalid: No form, too large, a parameter twice, credentials in two places or in the
            URL.
        GrantUnsupported: Another grant than client credentials.
        ClientInvalid: No credentials, or not in a form that can be read.
        ScopeInvalid: A scope is not one (RFC 6749 section 3.3).
    """
    if event.get("rawQueryString"):
        raise RequestInvalid("send the parameters in the body, none in the URL")
    parameters, resources = _parameters(event)
    if "grant_type" not in parameters:
        raise RequestInvalid("grant_type is missing")
    if parameters["grant_type"] != "client_credentials":
        raise GrantUnsupported("use grant_type=client_credentials")
    credentials = _credentials(event, parameters)
    return TokenRequest(credentials, _scopes(parameters.get("scope")), resources)


def _parameters(event: Mapping[str, Any]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Parse the parameters by name, and every `resource`, which alone may be repeated."""
    content_type = str(event.get("headers", {}).get("content-type", ""))
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise RequestInvalid(f"send the parameters as {FORM}")
    try:
        pairs = parse_qsl(
            _body(event).decode(),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_PARAMETERS,
        )
    except ValueError:
        raise RequestInvalid("the body is not a form in UTF-8") from None
    resources = tuple(value for name, value in pairs if name == RESOURCE and value)
    others = [pair for pair in pairs if pair[0] != RESOURCE]
    parameters = dict(others)
    if len(parameters) != len(others):
        raise RequestInvalid("duplicate parameter")
    # A parameter without a value counts as absent (RFC 6749 section 3.2).
    return {name: value for name, value in parameters.items() if value}, resources


def _body(event: Mapping[str, Any]) -> bytes:
    """Return the body; the gateway hands forms over in base64."""
    text = str(event.get("body") or "")
    if len(text) > 2 * MAX_BODY_BYTES:
        raise RequestInvalid(f"the body is larger than {MAX_BODY_BYTES} bytes")
    body = base64.b64decode(text) if event.get("isBase64Encoded") else text.encode()
    if len(body) > MAX_BODY_BYTES:
        raise RequestInvalid(f"the body is larger than {MAX_BODY_BYTES} bytes")
    return body


def _credentials(event: Mapping[str, Any], parameters: Mapping[str, str]) -> Credentials:
    header = event.get("headers", {}).get("authorization")
    client_id, secret = parameters.get("client_id"), parameters.get("client_secret")
    if header is None:
        if client_id is None or secret is None:
            raise ClientInvalid("send client_id and client_secret, in one way only")
        return _checked(client_id, secret)
    if secret is not None:
        raise RequestInvalid("send the client's secret in one way only")
    credentials = _basic(str(header))
    if client_id not in (None, credentials.client_id):
        raise RequestInvalid("client_id differs from the one in the Authorization header")
    return credentials


def _basic(header: str) -> Credentials:
    """Read HTTP Basic, each half form-encoded (RFC 6749 section 2.3.1, RFC 7617)."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        raise ClientInvalid("use HTTP Basic, or client_id and client_secret in the body")
    try:
        client_id, colon, secret = (
            base64.b64decode(encoded.strip(), validate=True).decode("ascii").partition(":")
        )
        if not colon:
            raise ClientInvalid("the Authorization header holds no client_id and client_secret")
        return _checked(unquote_plus(client_id), unquote_plus(secret))
    except ValueError:
        raise ClientInvalid("the Authorization header is not HTTP Basic") from None


def _checked(client_id: str, secret: str) -> Credentials:
    """Check both for legal characters (RFC 6749 appendix A.1, A.2) and a legal length."""
    if not _VISIBLE.fullmatch(client_id) or not _VISIBLE.fullmatch(secret):
        raise ClientInvalid("unknown client or wrong secret")
    return Credentials(client_id, secret)


def is_scope(text: str) -> bool:
    """Return whether a text is one scope (RFC 6749 section 3.3), of at most 128 characters."""
    return _SCOPE.fullmatch(text) is not None


def _scopes(text: str | None) -> tuple[str, ...]:
    if text is None:
        return ()
    scopes = tuple(dict.fromkeys(text.split(" ")))
    if len(scopes) > MAX_SCOPES or not all(map(is_scope, scopes)):
        raise ScopeInvalid("scope is a list of scopes with one space between")
    return scopes
