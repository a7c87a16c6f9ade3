"""Gateway event -> who calls, as the Lambda authorizer vouches for it, and what names their token.

The authorizer has taken the one token of the request for good, wherever it stands, before this
function runs; what the token says is read here and not verified again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from function_kit.revocation.entry import Revocation
from function_kit.revocation.token_names import named_by
from function_kit.split_cookie import ACCESS, CookiesInvalid, find, join
from jwt_verifier import compact
from jwt_verifier.errors import TokenMalformed
from jwt_verifier.tokens import UnverifiedToken
from revocations.errors import NotAuthorized, RequestInvalid


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls.

    Attributes:
        issuer_name: Of their token, as the access table calls it.
        subject: Its `sub`; empty if it has none.
        client_id: Of the app that they call with; empty likewise.
    """

    issuer_name: str
    subject: str
    client_id: str

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> "Caller":
        """Read who calls.

        Raises:
            NotAuthorized: No Lambda authorizer has passed the request.
        """
        context = (event["requestContext"].get("authorizer") or {}).get("lambda") or {}
        issuer_name = context.get("issuer_name")
        if not isinstance(issuer_name, str) or not issuer_name:
            raise NotAuthorized("no Lambda authorizer has passed this request")
        return cls(issuer_name, str(context.get("sub", "")), str(context.get("client_id", "")))

    @property
    def name(self) -> str:
        """What an entry and the log say of who asked for it."""
        return f"{self.issuer_name}:{self.subject or self.client_id}"


def own_sign_in(event: Mapping[str, Any], caller: Caller) -> Revocation:
    """Return what refuses the caller's own sign-in, or at least their token.

    Raises:
        RequestInvalid: The token has no claim that names it.
    """
    revocation = named_by(_claims(event), caller.issuer_name)
    if revocation is None:
        raise RequestInvalid(
            "the token has neither an origin_jti nor a jti, so nothing names it; sign out at its "
            "issuer",
            "token_unnamed",
        )
    return revocation


def _claims(event: Mapping[str, Any]) -> Mapping[str, object]:
    try:
        return compact.decode_object(compact.split(_token(event)).payload)
    except (TokenMalformed, CookiesInvalid):
        raise NotAuthorized("the request has no token") from None


def _token(event: Mapping[str, Any]) -> UnverifiedToken:
    bearer = str((event.get("headers") or {}).get("authorization", ""))
    if bearer:
        return UnverifiedToken(bearer.rpartition(" ")[2])
    found = find(event.get("cookies"), ACCESS)
    return UnverifiedToken(join(found, ACCESS) if found else "")
