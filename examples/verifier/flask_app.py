"""Flask: the token is verified before each request."""

import os

from flask import Flask, abort, g, request

from jwt_verifier import JwtVerifier, KeysUnavailable, TokenRejected

verifier = JwtVerifier.oidc(os.environ["ISSUER"], audiences=[os.environ["AUDIENCE"]])
app = Flask(__name__)


@app.before_request
def verify_token() -> None:
    """Keep who calls in `g.token`, or answer 401 or 503."""
    scheme, _, jwt = request.headers.get("Authorization", "").partition(" ")
    try:
        g.token = verifier.verify(jwt if scheme.lower() == "bearer" else "")
    except TokenRejected:
        abort(401)
    except KeysUnavailable:
        abort(503)


@app.get("/orders")
def orders() -> dict[str, str | None]:
    """Answer with whose orders they are."""
    return {"orders_of": g.token.subject}
