"""One loopback server for all pools: Cognito's API, its key documents and its OAuth endpoints.

The rule: a path is served because it is listed here; nothing falls through to another of moto's
services.
"""

import json
from collections.abc import Iterable
from threading import Thread
from typing import TYPE_CHECKING

from moto.cognitoidp.models import cognitoidp_backends
from moto.moto_server.werkzeug_app import create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from local.cognito.backend import StrictBackend
from local.cognito.codes import Codes
from local.cognito.pool import SignedPool
from local.cognito.sign_in import SignIn
from local.cognito.token_endpoint import TokenEndpoint
from local.errors import LocalError
from local.json_value import JsonObject
from local.template.local_app import PoolConfig

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_POLL_SECONDS = 0.05


class CognitoServer:
    """Serves pools from the moment it is made; `stop` must be called in the end.

    Args:
        pools: All in one region and account.

    Raises:
        LocalError: The pools are in several regions.
    """

    def __init__(self, pools: Iterable[PoolConfig]) -> None:
        configs = tuple(pools)
        places = {(config.account_id, config.region) for config in configs}
        if len(places) != 1:
            raise LocalError(f"user pools must be in one region; the app has them in {len(places)}")
        account_id, self.region = places.pop()
        self.backend = StrictBackend(self.region, account_id)
        cognitoidp_backends[account_id][self.region] = self.backend
        for config in configs:
            self.backend.user_pools[config.id] = SignedPool(config)
        codes = Codes()
        self._token_endpoint = TokenEndpoint(self.backend, codes)
        self._sign_in = SignIn(self.backend, codes)
        self._moto = create_backend_app("cognito-idp")
        self._server = make_server(
            "127.0.0.1", 0, self._serve, threaded=True, request_handler=_QuietHandler
        )
        self._thread = Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The endpoint, for an AWS SDK's `endpoint_url`."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def pool(self, pool_id: str) -> SignedPool:
        """A pool of the template by its id; KeyError if there is none."""
        pool = self.backend.signed_pool(pool_id)
        if pool is None:
            raise KeyError(pool_id)
        return pool

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _serve(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/":
            # moto reads the region from the host name when a call is not signed.
            environ["HTTP_HOST"] = f"cognito-idp.{self.region}.amazonaws.com"
            return self._moto(environ, start)
        return self._respond(Request(environ))(environ, start)

    def _respond(self, request: Request) -> Response:
        match request.path.strip("/").split("/"):
            case ["oauth2", "token"]:
                return self._token_endpoint.respond(request)
            case ["oauth2", "authorize"] | ["login"]:
                return self._sign_in.respond(request)
            case [pool_id, ".well-known", document]:
                return self._document(pool_id, document)
        return _json({"message": "Not Found"}, 404)

    def _document(self, pool_id: str, name: str) -> Response:
        pool = self.backend.signed_pool(pool_id)
        if pool and name == "jwks.json":
            return _json(pool.jwks())
        if pool and name == "openid-configuration":
            return _json(self._metadata(pool))
        return _json({"message": f"User pool {pool_id} does not exist."}, 404)

    def _metadata(self, pool: SignedPool) -> JsonObject:
        return {
            "issuer": pool.issuer,
            "authorization_endpoint": f"{self.url}/oauth2/authorize",
            "token_endpoint": f"{self.url}/oauth2/token",
            "jwks_uri": f"{self.url}/{pool.id}/.well-known/jwks.json",
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }


class _QuietHandler(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Say nothing: sign-ins are not what the console is about."""


def _json(document: JsonObject, status: int = 200) -> Response:
    return Response(json.dumps(document), status, mimetype="application/json")
