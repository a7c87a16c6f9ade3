"""Percent-encoded text -> text, strictly: what has no one meaning is not guessed.

A broken escape or bytes that are not UTF-8 are `Undecodable`; never a replacement sign,
which would make two requests look like one.
"""

import re
from urllib.parse import parse_qsl, unquote

_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


class Undecodable(ValueError):
    """The text is not percent-encoded UTF-8."""


def decoded(text: str) -> str:
    """Return the text with every escape decoded.

    Raises:
        Undecodable: An escape is broken, or the bytes are not UTF-8.
    """
    _refuse_broken_escapes(text)
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError as error:
        raise Undecodable(str(error)) from error


def decoded_path(path: str) -> str:
    """Return a path as `rawPath` shows it: decoded, cut at a question mark, decoded once more.

    Recorded from a live HTTP API (hotsock/voker, `vokerhttp/testdata/ingress-paths.json`).

    Raises:
        Undecodable: As for `decoded`, of either decoding.
    """
    return decoded(decoded(path).partition("?")[0])


def decoded_twice(text: str) -> str:
    """Return a path or a part of one, decoded as `decoded_path` does it but not cut.

    Raises:
        Undecodable: As for `decoded`, of either decoding.
    """
    return decoded(decoded(text))


def query_pairs(query: str) -> list[tuple[str, str]]:
    """Return the names and values of a query string, in order; `+` is a space.

    Raises:
        Undecodable: As for `decoded`.
    """
    _refuse_broken_escapes(query)
    try:
        return parse_qsl(query, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise Undecodable(str(error)) from error


def _refuse_broken_escapes(text: str) -> None:
    if _BROKEN_ESCAPE.search(text):
        raise Undecodable("a percent sign is not followed by two hexadecimal digits")
