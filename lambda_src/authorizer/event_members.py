"""A decoded event -> its members, of whatever shape the sender has chosen. Never an exception."""

from collections.abc import Mapping


def object_of(value: object) -> Mapping[object, object]:
    """Return the value if it is a JSON object, or else an empty one."""
    return value if isinstance(value, dict) else {}


def header_values(headers: object, name: str) -> list[object]:
    """Return every value of a header, whose name is given in lower case."""
    length = len(name)  # no other length is lowered to ASCII of this one
    return [
        value
        for key, value in object_of(headers).items()
        if isinstance(key, str) and len(key) == length and key.lower() == name
    ]
