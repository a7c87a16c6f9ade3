"""HTTP on 127.0.0.1 -> GatewayRequest, and GatewayResponse -> HTTP. uvicorn and h11 parse it.

Loopback only, and nothing is normalised on the way: raw paths, raw header lists.
"""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from threading import Thread
from typing import Any

import uvicorn

from local.gateway.gateway import MAX_BODY_BYTES
from local.gateway.messages import GatewayRequest, GatewayResponse, bad_request
from local.gateway.server_protocol import HEADER_NAMES, MAX_HEAD_BYTES, StrictProtocol
from local.loopback.listener import LOOPBACK, url_of

Handle = Callable[[GatewayRequest], GatewayResponse]

_LOG = logging.getLogger(__name__)
_WORKERS = 128
"""How many requests are in the gateway at once; functions have their own queues."""
_MAX_CONNECTIONS = 1_000
"""One more is answered 503."""
_KEEP_ALIVE_SECONDS = 5
_MAX_READ_BYTES = 3 * MAX_BODY_BYTES
_BODY_SECONDS = 30.0
"""How long a client may take to send a body."""
_GRACE_SECONDS = 1
_VERSIONS = frozenset({"1.0", "1.1"})
_WITHOUT_BODY = frozenset({204, 304})
_TOO_SLOW = GatewayResponse(408, (("connection", "close"),), b"")

_Scope = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
_Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class HttpServer:
    """Serves from the moment it is made; `stop` must be called in the end.

    Args:
        handle: Answers a request; called from several threads.
        listener: From `listen_on_loopback`; closed by `stop`.
    """

    def __init__(self, handle: Handle, listener: socket.socket) -> None:
        self._socket = listener
        self.port: int = self._socket.getsockname()[1]
        self._workers = ThreadPoolExecutor(_WORKERS, thread_name_prefix="gateway")
        # A malformed request is the client's affair and answered 400; no line on our console.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        config = uvicorn.Config(
            _App(handle, self._workers, self.port),
            http=StrictProtocol,
            loop="asyncio",
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # else any client names its own source address
            h11_max_incomplete_event_size=MAX_HEAD_BYTES,
            limit_concurrency=_MAX_CONNECTIONS,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        self._server = uvicorn.Server(config)
        self._thread = Thread(target=self._server.run, args=([self._socket],), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where the API is."""
        return url_of(self._socket)

    def stop(self) -> None:
        """Finish what is being answered, for a second at most, and close."""
        self._server.should_exit = True
        self._thread.join()
        self._workers.shutdown(cancel_futures=True)
        self._socket.close()


class _App:
    """The ASGI application."""

    def __init__(self, handle: Handle, workers: ThreadPoolExecutor, port: int) -> None:
        self._handle = handle
        self._workers = workers
        self._port = port

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        if problem := _ambiguity(scope):
            await _send(send, scope, _closing(bad_request(problem).response()))
            return
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                body = await _read_body(scope, receive)
        except TimeoutError:
            await _send(send, scope, _TOO_SLOW)
            return
        if body is None:
            return
        request = GatewayRequest(
            method=scope["method"],
            path=scope["raw_path"].decode("ascii"),
            query=scope["query_string"].decode("latin-1"),
            headers=tuple(
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in scope["headers"]
            ),
            sent_names={
                name.lower().decode("latin-1"): name.decode("latin-1")
                for name in reversed(scope["state"][HEADER_NAMES])
            },
            body=body,
            source_ip=scope["client"][0] if scope["client"] else LOOPBACK,
            protocol=f"HTTP/{scope['http_version']}",
            port=self._port,
        )
        loop = asyncio.get_running_loop()
        try:
            response = await loop.run_in_executor(self._workers, self._handle, request)
        except Exception:
            # Ours, so it is shown: the caller gets uvicorn's plain 500.
            _LOG.exception("the gateway failed on %s %s", request.method, request.path)
            raise
        # The rest of a body that is too large is not read: nothing can follow it.
        whole = len(body) <= MAX_BODY_BYTES
        await _send(send, scope, response if whole else _closing(response))


def _ambiguity(scope: _Scope) -> str | None:
    """Say why a request is ambiguous, or is not one for a gateway; None if it is fine."""
    names = {name for name, _ in scope["headers"]}
    if {b"content-length", b"transfer-encoding"} <= names:
        return "the request has both content-length and transfer-encoding"
    if b"transfer-encoding" in names and scope["http_version"] == "1.0":
        return "HTTP/1.0 has no transfer-encoding"
    if scope["http_version"] not in _VERSIONS:
        return f"HTTP/{scope['http_version']} is not supported"
    if not scope["raw_path"].startswith(b"/"):
        return "the request target must be an absolute path"
    return None


def _closing(response: GatewayResponse) -> GatewayResponse:
    headers = [*response.headers, ("connection", "close")]
    return GatewayResponse(response.status, headers, response.body)


async def _read_body(scope: _Scope, receive: _Receive) -> bytes | None:
    """Return the body, cut just after the gateway's limit; None if the client has gone.

    More than that is read and dropped, to a point: a connection that is closed with bytes unread
    is reset, and the client would not see why.
    """
    headers = dict(scope["headers"])
    if int(headers.get(b"content-length", 0)) > MAX_BODY_BYTES and b"expect" in headers:
        # A client that asks first need not send it.
        return bytes(MAX_BODY_BYTES + 1)
    body = bytearray()
    read_bytes = 0
    while read_bytes <= _MAX_READ_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk = message.get("body", b"")
        read_bytes += len(chunk)
        body += chunk[: MAX_BODY_BYTES + 1 - len(body)]
        if not message.get("more_body"):
            break
    return bytes(body)


async def _send(send: _Send, scope: _Scope, response: GatewayResponse) -> None:
    body = b"" if response.status in _WITHOUT_BODY else response.body
    headers = [
        (name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers
    ]
    names = {name for name, _ in headers}
    if response.status in _WITHOUT_BODY:
        headers = [(name, value) for name, value in headers if name != b"content-length"]
    elif scope["method"] != "HEAD" or b"content-length" not in names:
        headers = [(name, value) for name, value in headers if name != b"content-length"]
        headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
