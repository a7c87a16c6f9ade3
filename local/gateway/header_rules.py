"""What a header's name and value may be made of (RFC 9110, 5.1 and 5.5)."""

import re

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\x20-\x7e\t]*")


_FOREIGN_VALUE = re.compile(r"[\x20-\x7e\t\x80-\xff]*")


def is_header_name(text: str) -> bool:
    """Whether a text may name a header."""
    return _NAME.fullmatch(text) is not None


def is_header_value(text: str) -> bool:
    """Whether a text may be a header's value: visible ASCII, above all no line break."""
    return _VALUE.fullmatch(text) is not None


def is_foreign_header_value(text: str) -> bool:
    """Whether another server's header, read as Latin-1, can be passed on: bytes above ASCII can."""
    return _FOREIGN_VALUE.fullmatch(text) is not None
