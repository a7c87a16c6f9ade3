"""Decision -> the gateway's answer: a simple response of payload format 2.0. Pure.

Whatever a valid token holds, the answer is one that Lambda can send: the runtime writes it with
`ensure_ascii=False` and encodes it as UTF-8, so one lone surrogate would end the invocation.
"""

import json
from typing import Final

from authorizer.claim_tests import claim_at
from authorizer.policy import NO_CLAIMS, ClaimPaths, Decision
from jwt_verifier.tokens import VerifiedToken

Members = dict[str, str | int | float | bool]
SimpleResponse = dict[str, bool | Members]

MAX_IDENTITY_BYTES: Final = 512
MAX_LIST_BYTES: Final = 2_500
MAX_VALUES_BYTES: Final = 7_350
"""Of all values together: with their names, the context stays under 8 KB as it is sent."""

_write: Final = json.JSONEncoder(ensure_ascii=False).encode
_write_list: Final = json.JSONEncoder().encode


class Unauthorized(Exception):  # the gateway answers 401 to this word alone
    """Raised instead of an answer: API Gateway turns exactly this message into a 401."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


def render(
    token: VerifiedToken, decision: Decision, claims: ClaimPaths = NO_CLAIMS
) -> SimpleResponse:
    """Return the answer; only an allowed request gets a context.

    The context is flat, and every key is always there, so that a parameter mapping never falls
    back on a header of the caller's: sub, client_id, token_use, issuer, issuer_name (strings, ""
    if the token has none), scope (separated by spaces), groups (a JSON array), exp (seconds since
    the epoch), each claim of `claims` under its name (an array or object as JSON text, "" if the
    token has none), and not_handed_on. A scope with a space in it, which would arrive as two, is
    left out. A value too long to hand over or impossible to encode is handed over as empty, which
    grants nothing; not_handed_on names it.

    Args:
        token: what its issuer vouches for.
        decision: what the policy says.
        claims: further claims for backends, by the name that each is handed on under.
    """
    if not decision.allowed:
        return {"isAuthorized": False}
    return {"isAuthorized": True, "context": _all_of(token, claims) or _fitting(token, claims)}


def _all_of(token: VerifiedToken, claims: ClaimPaths) -> Members | None:
    """Return the context of a token all of which surely fits, as nearly every one does."""
    subject, client_id = token.subject or "", token.client_id or ""
    scope, groups = " ".join(token.scopes), _write_list(token.groups)
    texts = (subject, client_id, token.issuer, token.issuer_name, scope)
    joined = "".join(texts)
    if (
        claims
        or len(joined) > MAX_IDENTITY_BYTES
        or not _is_plain(joined)
        or 2 * len(groups) > MAX_LIST_BYTES  # ASCII, so no character takes more than two bytes
        or scope.count(" ") >= max(1, len(token.scopes))
        or "" in token.scopes
    ):
        return None
    return {
        "sub": subject,
        "client_id": client_id,
        "token_use": token.token_use or "",
        "issuer": token.issuer,
        "issuer_name": token.issuer_name,
        "scope": scope,
        "groups": groups,
        "exp": token.expires_at,
        "not_handed_on": "",
    }


def _fitting(token: VerifiedToken, claims: ClaimPaths) -> Members:
    """Return the context, each value measured."""
    context = _Context()
    context.hand_on("sub", token.subject or "", MAX_IDENTITY_BYTES)
    context.hand_on("client_id", token.client_id or "", MAX_IDENTITY_BYTES)
    context.members["token_use"] = token.token_use or ""
    context.hand_on("issuer", token.issuer, MAX_IDENTITY_BYTES)
    context.hand_on("issuer_name", token.issuer_name, MAX_IDENTITY_BYTES)
    for name, path in claims.items():
        context.hand_on(name, _flat(claim_at(token.claims, path)), MAX_IDENTITY_BYTES)
    scopes = [scope for scope in token.scopes if " " not in scope]
    context.hand_on("scope", " ".join(filter(None, scopes)), MAX_LIST_BYTES)
    if len(scopes) != len(token.scopes):
        context.leave_out("scope")
    context.hand_on("groups", _write_list(token.groups), MAX_LIST_BYTES, empty="[]")
    context.members["exp"] = token.expires_at
    context.members["not_handed_on"] = " ".join(context.left_out)
    return context.members


def not_handed_on(answer: SimpleResponse) -> str:
    """Return the names of what an answer's context could not hold, separated by spaces."""
    context = answer.get("context")
    return str(context["not_handed_on"]) if isinstance(context, dict) else ""


class _Context:
    """The members of a context, and the names of those that could not be handed on."""

    def __init__(self) -> None:
        self.members: Members = {}
        self.left_out: list[str] = []
        self._left_bytes = MAX_VALUES_BYTES

    def hand_on(self, name: str, value: str | float, max_bytes: int, empty: str = "") -> None:
        """Add a value, or what stands for an empty one where it cannot be sent."""
        size = _written_bytes(value)
        if size is None or size > min(max_bytes, self._left_bytes):
            self.leave_out(name)
            value, size = empty, len(empty)
        self.members[name] = value
        self._left_bytes -= size

    def leave_out(self, name: str) -> None:
        """Name what is not handed on, or not whole."""
        if name not in self.left_out:
            self.left_out.append(name)


def _flat(value: object) -> str | float:
    if value is None:
        return ""
    if isinstance(value, str | int | float):
        return value
    return json.dumps(value, separators=(",", ":"))


def _written_bytes(value: str | float) -> int | None:
    """Return a value's length as the runtime will write it, without quotes; None if it cannot.

    A control character takes six bytes, a quotation mark two.
    """
    if isinstance(value, str) and _is_plain(value):
        return len(value)
    try:
        written = _write(value).encode()
    except UnicodeEncodeError:
        return None
    return len(written) - 2 * isinstance(value, str)


def _is_plain(value: str) -> bool:
    """Return whether each character is written as the one byte that it is."""
    return value.isascii() and value.isprintable() and '"' not in value and "\\" not in value
