"""The issuer's metadata -> the headers that every answer carries. Pure.

The page runs no script and applies no style but its own files, and talks to its own
origin and to the issuer's endpoints, which are named one by one (Content Security Policy Level 3;
Trusted Types).
"""

from collections.abc import Mapping
from typing import Final

from function_kit.answers import SECURE_HEADERS
from jwt_verifier.urls import origin_of

CALLED_BY_SCRIPT: Final = ("token_endpoint", "revocation_endpoint", "userinfo_endpoint")
"""The endpoints that the page fetches; to the others it sends the whole browser."""

_CONSTANT: Final = {
    **SECURE_HEADERS,
    # A fetch of the default mode "cors" still names its origin under this policy; one of the mode
    # "same-origin", or a form, would not (Fetch standard, "append a request Origin header").
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": (
        "accelerometer=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), "
        "gyroscope=(), hid=(), microphone=(), midi=(), payment=(), "
        "publickey-credentials-get=(), serial=(), usb=()"
    ),
}


def security_headers(metadata: Mapping[str, str] | None) -> dict[str, str]:
    """Return the headers of an answer.

    Args:
        metadata: The issuer's; None while there is none, or if the page keeps no tokens: then it
            reaches no issuer.
    """
    return {"content-security-policy": _policy(metadata or {}), **_CONSTANT}


def _policy(metadata: Mapping[str, str]) -> str:
    issuers = {origin_of(metadata[name]) for name in CALLED_BY_SCRIPT if name in metadata}
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            " ".join(("connect-src 'self'", *sorted(issuers))),
            "form-action 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
            # No directive bounds where a peer connection sends (Content Security Policy Level 3).
            "webrtc 'block'",
        )
    )
