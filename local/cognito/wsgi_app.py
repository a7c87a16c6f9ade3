"""One WSGI application for all pools: Cognito's API, its key documents and its OAuth endpoints.

A path is served because it is listed.
"""

import json
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from local.cognito.api.auth_flows import AuthFlows
from local.cognito.api.operations import CognitoApi
from local.cognito.api.token_operations import TokenOperations
from local.cognito.backend import StrictBackend
from local.cognito.local_only import local_only_routes
from local.cognito.oauth.discovery import discovery_document
from local.cognito.oauth.endpoints import oauth_routes
from local.cognito.pool import SignedPool
from local.cognito.pre_token import Invoke, PreTokenTrigger
from local.cognito.routes import Route
from local.cognito.tokens import TokenIssuer
from local.errors import LocalError
from local.json_value import JsonObject
from local.runtime.outcome import Failed, Outcome
from local.template.pool_config import PoolConfig

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MAX_BODY_BYTES = 128 * 1024
_API_HEADERS = (
    # Without "authorization": no page may administer a pool.
    "amz-sdk-invocation-id",
    "amz-sdk-request",
    "content-type",
    "x-amz-target",
    "x-amz-user-agent",
)


def no_function(name: str, _event: bytes, _limit_seconds: float) -> Outcome:
    """Return the answer to a trigger where no functions run."""
    return Failed("ResourceNotFoundException", f"function {name} is not running")


class CognitoApp:
    """Answers for pools.

    Args:
        pools: All in one region and account.
        url: Where it is served: the endpoint, for an AWS SDK's `endpoint_url`.
        invoke: Runs the pools' triggers.
        clock: Seconds since the epoch.

    Raises:
        LocalError: The pools are in several regions.
    """

    def __init__(
        self,
        pools: Iterable[PoolConfig],
        url: str,
        invoke: Invoke = no_function,
        clock: Callable[[], float] = time.time,
    ) -> None:
        configs = tuple(pools)
        places = {(config.account_id, config.region) for config in configs}
        if len(places) != 1:
            raise LocalError(f"user pools must be in one region; the app has them in {len(places)}")
        account_id, self.region = places.pop()
        self.url = url
        self.backend = StrictBackend.install(configs, account_id, self.region, clock)
        issuer = TokenIssuer(PreTokenTrigger(invoke), clock)
        flows = AuthFlows(self.backend, issuer, clock)
        self._api = CognitoApi(self.backend, flows, TokenOperations(self.backend, issuer))
        self._preflight = Route(_nothing, ("POST",), _API_HEADERS)
        self._documents = Route(self._document, ("GET",), ())
        self._routes = {
            **oauth_routes(self.backend, issuer, clock),
            **local_only_routes(self.backend, issuer, clock),
        }

    def pool(self, pool_id: str) -> SignedPool:
        """Return a pool of the template by its id; KeyError if there is none."""
        pool = self.backend.signed_pool(pool_id)
        if pool is None:
            raise KeyError(pool_id)
        return pool

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        request = _Request(environ)
        if (request.content_length or 0) > MAX_BODY_BYTES:
            return Response(status=413)(environ, start)
        if request.path == "/" and request.method != "OPTIONS":
            return self._api.serve(request, environ, start)
        try:
            response = self._respond(request)
        except HTTPException as error:
            response = Response(status=error.code)
        return response(environ, start)

    def _respond(self, request: Request) -> Response:
        if request.path == "/":
            return self._preflight.answer(request)
        if request.path in self._routes:
            return self._routes[request.path].answer(request)
        if "/.well-known/" in request.path:
            return self._documents.answer(request)
        return _not_found("Not Found")

    def _document(self, request: Request) -> Response:
        pool_id, _, name = request.path.removeprefix("/").partition("/.well-known/")
        pool = self.backend.signed_pool(pool_id)
        if pool and name == "jwks.json":
            return _json(pool.jwks())
        if pool and name == "openid-configuration":
            return _json(discovery_document(pool, self.url))
        return _not_found(f"User pool {pool_id} does not exist.")


class _Request(Request):
    max_content_length = MAX_BODY_BYTES


def _nothing(_: Request) -> Response:
    return Response(status=204)


def _not_found(message: str) -> Response:
    return _json({"message": message}, 404)


def _json(document: JsonObject, status: int = 200) -> Response:
    return Response(json.dumps(document), status, mimetype="application/json")
