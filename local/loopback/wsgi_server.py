"""A WSGI application -> a server on a socket that is bound already.

It answers under its own name only: a page of another name that resolves to this machine gets
nothing.
"""

import json
import socket
from collections.abc import Iterable
from threading import Thread
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response

from local.loopback.listener import LOOPBACK, url_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_POLL_SECONDS = 0.05
_OTHER_NAME = json.dumps({"message": "this server has another name"})


class WsgiServer:
    """Serves from the moment it is made; `stop` must be called in the end.

    Attributes:
        url: Where it serves.

    Args:
        app: Answers requests; called from several threads.
        listener: From `listen_on_loopback`; closed by `stop`.
    """

    def __init__(self, app: "WSGIApplication", listener: socket.socket) -> None:
        self.url = url_of(listener)
        self._app = app
        port = listener.getsockname()[1]
        self._names = {f"{LOOPBACK}:{port}", f"localhost:{port}"}
        self._server = make_server(
            LOOPBACK,
            port,
            self._serve,
            threaded=True,
            request_handler=_QuietHandler,
            fd=listener.fileno(),
        )
        listener.close()  # the server has a descriptor of its own
        self._thread = Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _serve(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if environ.get("HTTP_HOST") not in self._names:
            return Response(_OTHER_NAME, 404, mimetype="application/json")(environ, start)
        return self._app(environ, start)


class _QuietHandler(WSGIRequestHandler):
    timeout = 10.0  # seconds that a client may keep a thread waiting for its next byte

    def log(self, *_: object) -> None:
        """Say nothing: these servers' requests are not what the console is about."""
