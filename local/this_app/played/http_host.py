"""A server in the place of an HTTP backend: it tells who the gateway says calls.

It trusts the identity headers as a server behind the gateway would (docs/backends.md),
answers 403 unless they name somebody, and never repeats a token.
"""

import json

from werkzeug.wrappers import Request, Response

IDENTITY_PREFIX = "x-user-"


@Request.application
def tell_caller(request: Request) -> Response:
    """Answer with method, path and caller; an application of WSGI."""
    told = {
        name.lower(): value.partition("=")[2]
        for name, value in request.headers.items()
        if name.lower().startswith(IDENTITY_PREFIX)
    }
    caller = {name: value for name, value in told.items() if value}
    target = request.environ["REQUEST_URI"]  # as it was sent: nothing decoded
    answer = {"method": request.method, "path": target, "caller": caller}
    return Response(json.dumps(answer), 200 if caller else 403, mimetype="application/json")
