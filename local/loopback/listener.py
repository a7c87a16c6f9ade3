"""A socket on 127.0.0.1, bound before anything serves on it: its address is known to all."""

import errno
import socket

from local.errors import StartFailed

LOOPBACK = "127.0.0.1"
_PRIVILEGED, _HIGHEST = 1024, 65535


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
            f"port {port} on {LOOPBACK} cannot be used ({_reason(error)}): choose another, as in "
            f"make local PORT={_another(port)}, or PORT=0 for any that is free"
        ) from error
    return listener


def _reason(error: OSError | OverflowError) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return "another program has it"
    return getattr(error, "strerror", None) or str(error)


def _another(port: int) -> int:
    return port + 1 if _PRIVILEGED <= port < _HIGHEST else 3000


def url_of(listener: socket.socket) -> str:
    """Return the address of a listening socket."""
    return f"http://{LOOPBACK}:{listener.getsockname()[1]}"
