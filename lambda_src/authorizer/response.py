"""Decision -> the gateway's answer: a simple response of payload format 2.0. Pure.

Whatever a valid token holds, the answer is one that Lambda can send: the runtime writes it with
`ensure_ascii=False` and encodes it as UTF-8, so one lone surrogate would end the invocation.
"""

import json
from typing import Final

from authorizer.policy import Decision
from jwt_verifier.tokens import VerifiedToken

SimpleResponse = dict[str, bool | dict[str, str | int | float | bool]]

MAX_IDENTITY_BYTES: Final = 512
MAX_LIST_BYTES: Final = 2_500
"""Together with the identities, the context stays under 8 KB as it is sent."""


class Unauthorized(Exception):  # the gateway answers 401 to this word alone
    """Raised instead of an answer: API Gateway turns exactly this message into a 401."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


def render(token: VerifiedToken, decision: Decision) -> SimpleResponse:
    """Return the answer; only an allowed request gets a context.

    The context is flat, and every key is always there, so that a parameter mapping never falls
    back on a header of the caller's: sub, client_id, token_use, issuer, issuer_name (strings, ""
    if the token has none), scope (separated by spaces), groups (a JSON array), exp (seconds since
    the epoch). A scope with a space in it, which would arrive as two, is left out. A value too long
    to hand over or impossible to encode is handed over as empty, which grants nothing.
    """
    if not decision.allowed:
        return {"isAuthorized": False}
    return {
        "isAuthorized": True,
        "context": {
            "sub": _sendable(token.subject or "", MAX_IDENTITY_BYTES),
            "client_id": _sendable(token.client_id or "", MAX_IDENTITY_BYTES),
            "token_use": token.token_use or "",
            "issuer": _sendable(token.issuer, MAX_IDENTITY_BYTES),
            "issuer_name": _sendable(token.issuer_name, MAX_IDENTITY_BYTES),
            "scope": _sendable(" ".join(filter(_is_one_scope, token.scopes)), MAX_LIST_BYTES),
            "groups": _sendable(json.dumps(token.groups), MAX_LIST_BYTES) or "[]",
            "exp": token.expires_at,
        },
    }


def _is_one_scope(scope: str) -> bool:
    return bool(scope) and " " not in scope


def _sendable(text: str, max_bytes: int) -> str:
    try:
        # As the runtime will write it: a control character takes six bytes, a quotation mark two.
        written = json.dumps(text, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return ""
    return text if len(written) - len('""') <= max_bytes else ""
