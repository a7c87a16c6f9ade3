"""Base64url text -> bytes, in its one canonical spelling (RFC 7515 section 2)."""

import binascii
from typing import Final

_TO_STANDARD: Final = bytes.maketrans(b"-_", b"+/")
_PADDING: Final = (b"", b"", b"==", b"=")
"""By the characters of the last group; one character alone is none that padding could complete."""

_CANONICAL_ENDS: Final = {2: frozenset("AQgw"), 3: frozenset("AEIMQUYcgkosw048")}
"""The characters of a last group of two or three that set no bit beyond its bytes."""


class Base64urlInvalid(ValueError):
    """The text is not canonical base64url; the message never quotes it."""


def decode(text: str) -> bytes:
    """Decode base64url without padding.

    Returns:
        The bytes.

    Raises:
        Base64urlInvalid: another alphabet, padding, white space, or bits set that no byte uses
            (RFC 4648 section 3.5): each would give one token several spellings.
    """
    if "+" in text or "/" in text or "=" in text:
        raise Base64urlInvalid("not base64url")
    last_group = len(text) & 3
    if last_group > 1 and text[-1] not in _CANONICAL_ENDS[last_group]:
        raise Base64urlInvalid("not canonical base64url")
    try:
        standard = text.encode("ascii").translate(_TO_STANDARD) + _PADDING[last_group]
        return binascii.a2b_base64(standard, strict_mode=True)
    except ValueError:  # binascii.Error and UnicodeEncodeError are such
        raise Base64urlInvalid("not base64url") from None
