"""A socket on 127.0.0.1, bound before anything serves on it: its address is known to all."""

import socket

from local.errors import StartFailed

LOOPBACK = "127.0.0.1"


def listen_on_loopback(port: int = 0) -> socket.socket:
    """Take a port on 127.0.0.1.

    Args:
        port: 0 takes a free one.

    Raises:
        StartFailed: The port is taken or not allowed.
    """
    # asyncio turns Nagle's algorithm off only where it sees TCP by name: else 44 ms an answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        raise StartFailed(
            f"port {port} on {LOOPBACK} cannot be used ({error}); "
            "choose another with --port, 0 = any"
        ) from error
    return listener


def url_of(listener: socket.socket) -> str:
    """Return the address of a listening socket."""
    return f"http://{LOOPBACK}:{listener.getsockname()[1]}"
