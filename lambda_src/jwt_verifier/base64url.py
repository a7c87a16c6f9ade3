"""Base64url text -> bytes, in its one canonical spelling (RFC 7515 section 2)."""

import base64
import binascii


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
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise Base64urlInvalid("not base64url") from None
    if base64.urlsafe_b64encode(raw).rstrip(b"=") != text.encode():
        raise Base64urlInvalid("not canonical base64url")
    return raw
