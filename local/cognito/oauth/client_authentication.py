"""A posted form -> the app client that sent it, authenticated (RFC 6749 section 2.3)."""

import base64
import binascii
from urllib.parse import unquote

from werkzeug.wrappers import Request

from local.cognito.app_clients import secret_is_right
from local.cognito.backend import StrictBackend
from local.cognito.oauth.errors import OAuthError
from local.cognito.pool import SignedPool
from local.template.pool_config import ClientConfig

_FORM = "application/x-www-form-urlencoded"


def check_form(request: Request) -> None:
    """Check that a request is a posted form without repeated parameters.

    Raises:
        OAuthError: `invalid_request`.
    """
    if request.method != "POST" or request.mimetype != _FORM:
        raise OAuthError("invalid_request", f"POST a form as {_FORM}")
    for name, values in request.form.lists():
        if len(values) > 1:
            raise OAuthError("invalid_request", f"the parameter {name} is repeated")


def authenticate_client(
    backend: StrictBackend, request: Request, *, status: int | None = None
) -> tuple[SignedPool, ClientConfig]:
    """Return the app client of a form, by HTTP Basic or by `client_id` and `client_secret`.

    Args:
        backend: The pools.
        request: A checked form.
        status: Of the refusal; None for 401 to a client that used Basic and 400 to others.

    Raises:
        OAuthError: `invalid_client`, or `invalid_request` if it names two clients.
    """
    header = request.headers.get("Authorization")
    refused = OAuthError(
        "invalid_client",
        "the client is unknown or its secret is wrong",
        status=status or (400 if header is None else 401),
        challenge=header is not None,
    )
    if header is None:
        client_id, secret = request.form.get("client_id", ""), request.form.get("client_secret")
    else:
        credentials = _basic(header)
        if credentials is None:
            raise refused
        client_id, secret = credentials
        if request.form.get("client_id", client_id) != client_id:
            raise OAuthError("invalid_request", "client_id differs from the one in the header")
    pool = backend.pool_of_client(client_id)
    client = pool.client(client_id) if pool else None
    if pool is None or client is None or not secret_is_right(pool.clients[client_id], secret):
        raise refused
    return pool, client


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, encoded = header.partition(" ")
    try:
        decoded = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    client_id, colon, secret = decoded.partition(":")
    if scheme.lower() != "basic" or not colon:
        return None
    return unquote(client_id), unquote(secret)
