"""What a header may be made of, and which go further than one connection.

RFC 9110, sections 5.1, 5.5 and 7.6.1.
"""

import re

from local.gateway.messages import Headers

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\x20-\x7e\t]*")


_FOREIGN_VALUE = re.compile(r"[\x20-\x7e\t\x80-\xff]*")
_CONNECTION_HEADERS = frozenset(
    {
        "connection",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)


def is_header_name(text: str) -> bool:
    """Return whether a text may name a header."""
    return _NAME.fullmatch(text) is not None


def is_header_value(text: str) -> bool:
    """Return whether a text may be a header's value: visible ASCII, above all no line break."""
    return _VALUE.fullmatch(text) is not None


def is_foreign_header_value(text: str) -> bool:
    """Return whether another server's header, read as Latin-1, can be passed on."""
    return _FOREIGN_VALUE.fullmatch(text) is not None


def end_to_end(headers: Headers) -> list[tuple[str, str]]:
    """Drop the headers of one connection, named by the standard or by `connection`."""
    named = {
        name.strip().lower()
        for key, value in headers
        if key == "connection"
        for name in value.split(",")
    }
    return [(k, v) for k, v in headers if k not in _CONNECTION_HEADERS and k not in named]
