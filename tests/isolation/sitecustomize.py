"""On the path of a process, it lets no socket of that process reach another machine.

Python imports it at its start. What it refuses looks like a machine without a network.
"""

import errno
import os
import socket
from ipaddress import ip_address
from typing import Any

HERE = (None, "", b"", "localhost", b"localhost")
connect = socket.socket.connect
getaddrinfo = socket.getaddrinfo


def connect_here(self: socket.socket, address: Any) -> None:
    """Connect to loopback, or fail as without a network."""
    if self.family != socket.AF_UNIX and not ip_address(address[0]).is_loopback:
        raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))
    connect(self, address)


def resolve_here(  # its keywords are those of the function that it replaces
    host: Any,
    port: Any,
    family: int = 0,
    type: int = 0,  # noqa: A002
    proto: int = 0,
    flags: int = 0,
) -> Any:
    """Resolve names of this machine, or fail as without a network."""
    numeric = 0 if host in HERE else socket.AI_NUMERICHOST
    return getaddrinfo(host, port, family, type, proto, flags | numeric)


socket.socket.connect = connect_here  # type: ignore[assignment, method-assign]
socket.getaddrinfo = resolve_here
