"""The bytes of a connection -> requests for uvicorn: strict about lines, impatient with clients.

What two servers could read differently (bare line feeds, folded headers, two framings)
ends the connection with a 400; so does a client that takes too long.
"""

import asyncio
from typing import Any

import h11
from h11._receivebuffer import ReceiveBuffer
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
"""How long a connection's first request line and headers may take."""

NEXT_HEAD_SECONDS = 10.0
"""How long those of a further request may take, from the last answer on."""

EXCHANGE_SECONDS = 90.0
"""How long a request may take until it is answered: its body, an authorizer, an integration."""

READ_SECONDS = 90.0
"""How long a client may take to read its answer."""

MAX_HEAD_BYTES = 16 * 1024
"""What is parsed at all; the gateway's own limit of 10,240 bytes is below it."""

MAX_CHUNK_LINE_BYTES = 1024
"""A chunk's size with its extensions, which nobody reads."""

HEADER_NAMES = "header_names"
"""Where the ASGI scope's state has the names of the headers as they were sent, in their order."""

_ANSWERABLE = {h11.IDLE, h11.SEND_RESPONSE}


class StrictProtocol(H11Protocol):
    """One connection, within uvicorn."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*args, **kwargs)
        self.conn = _Connection(h11.SERVER, MAX_HEAD_BYTES)
        self.app_state = self.conn.state
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait_at_most(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        super().connection_lost(exc)
        self._stop_waiting()

    def data_received(self, data: bytes) -> None:
        """Take in what the client sent."""
        was_idle = self.conn.their_state is h11.IDLE
        super().data_received(data)
        if was_idle and self.conn.their_state is not h11.IDLE:
            self._wait_at_most(EXCHANGE_SECONDS)

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        if self.transport.get_write_buffer_size():
            self._wait_at_most(READ_SECONDS)
        elif self.conn.their_state is not h11.IDLE:  # a pipelined request has begun already
            self._wait_at_most(EXCHANGE_SECONDS)
        else:
            self._wait_at_most(NEXT_HEAD_SECONDS)

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP, if an answer is still possible."""
        if self.conn.our_state in _ANSWERABLE:
            super().send_400_response(msg)
        else:
            self.transport.close()

    def _wait_at_most(self, seconds: float) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(seconds, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class _Connection(h11.Connection):
    """Reads strictly, and remembers how the last request spelled its headers' names."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - h11's own
        super().__init__(*args, **kwargs)
        self._receive_buffer = _StrictBuffer()  # h11 has no setting for it
        self.state: dict[str, Any] = {}

    def next_event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        event = super().next_event()
        if isinstance(event, h11.Request):
            # uvicorn's scope has them in lower case; a payload 1.0 shows them as they came.
            self.state[HEADER_NAMES] = [name for name, _ in event.headers.raw_items()]
        return event


class _StrictBuffer(ReceiveBuffer):
    """Refuses heads, chunk lines and trailers that h11 would put right, or wait for."""

    def maybe_extract_lines(self) -> list[bytearray] | None:
        before = bytes(self._data)
        lines = super().maybe_extract_lines()
        if lines is not None:
            _refuse_odd_lines(before[: len(before) - len(self._data)])
        return lines

    def maybe_extract_next_line(self) -> bytearray | None:
        line = super().maybe_extract_next_line()
        if line is None and b"\n" in self._data:
            raise h11.RemoteProtocolError("a chunk's line ends without a carriage return")
        if line is not None and len(line) > MAX_CHUNK_LINE_BYTES:
            raise h11.RemoteProtocolError("a chunk's extensions are too long")
        return line


def _refuse_odd_lines(head: bytes) -> None:
    if head.count(b"\n") != head.count(b"\r\n"):
        raise h11.RemoteProtocolError("a line ends without a carriage return")
    if b"\n " in head or b"\n\t" in head:
        raise h11.RemoteProtocolError("a header is folded")
