"""A code or a refresh token -> tokens, by the issuer's token endpoint. One try each.

Our client is confidential: a code or a refresh token that was stolen is worth nothing without what
proves who we are. PKCE binds a code to its sign-in besides (RFC 9700 section 2.1.1).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from jwt_verifier import compact, strict_json
from jwt_verifier.errors import TokenMalformed
from jwt_verifier.https import HTTP_OK, Answer
from jwt_verifier.strict_json import JsonInvalid
from session.client_authentication import ClientAuthentication, Proof
from session.discovery import Discovery, Endpoints
from session.download import Web
from session.errors import GrantRefused, IssuerInvalid, Unavailable
from session.settings import Settings

_REFUSALS: Final = frozenset({400, 401, 403})
_COMPACT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_REFRESH_TOKEN: Final = re.compile(r"[\x20-\x7E]+")
"""RFC 6749 appendix A.17."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the issuer gives; an empty text is a token that it does not."""

    access: str = field(repr=False)
    access_claims: Mapping[str, Any] = field(repr=False)
    id: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_in: int

    def require_subject(self, subject: object) -> None:
        """Refuse an access token of another person than the ID token is about.

        Raises:
            IssuerInvalid: It names another, or nobody.
        """
        if self.access_claims.get("sub") != subject:
            raise IssuerInvalid("the access token is of another person", "access_subject_foreign")


class Grants:
    """Asks the token and revocation endpoints."""

    def __init__(
        self,
        settings: Settings,
        discovery: Discovery,
        web: Web,
        authentication: ClientAuthentication,
    ) -> None:
        self._web = web
        self._settings = settings
        self._discovery = discovery
        self._authentication = authentication

    def redeem(self, code: str, verifier: str) -> Tokens:
        """Exchange a code for tokens (RFC 6749 section 4.1.3, RFC 7636 section 4.5).

        Raises:
            GrantRefused: The code is not good, or no longer.
            Unavailable: No answer.
            IssuerInvalid: No answer that we can use.
        """
        return self._tokens(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self._settings.redirect_uri,
                "code_verifier": verifier,
            }
        )

    def refresh(self, refresh_token: str) -> Tokens:
        """Exchange a refresh token for new tokens (RFC 6749 section 6); raises as `redeem`."""
        return self._tokens({"grant_type": "refresh_token", "refresh_token": refresh_token})

    def revoke(self, refresh_token: str) -> str:
        """End a refresh token (RFC 7009).

        Returns:
            What came of it, in one word for the log; it never fails.
        """
        if not refresh_token:
            return "no_refresh_token"
        try:
            endpoints = self._discovery.endpoints()
            if endpoints.revocation is None:
                return "no_endpoint"
            form = {"token": refresh_token, "token_type_hint": "refresh_token"}
            status = self._ask(endpoints.revocation, form, endpoints).status
        except (Unavailable, IssuerInvalid) as error:
            return error.reason
        return "revoked" if status == HTTP_OK else f"answered_{status}"

    def _tokens(self, form: Mapping[str, str]) -> Tokens:
        endpoints = self._discovery.endpoints()
        answer = self._ask(endpoints.token, form, endpoints)
        body = _body_of(answer)
        if answer.status in _REFUSALS and isinstance(body.get("error"), str):
            raise GrantRefused(body["error"])
        if answer.status != HTTP_OK:
            raise Unavailable(f"the token endpoint answered {answer.status}", "token_endpoint")
        return _tokens_of(body)

    def _ask(self, url: str, form: Mapping[str, str], endpoints: Endpoints) -> Answer:
        """Ask as our client; once more if our secret was changed meanwhile."""
        answer = self._ask_with(self._authentication.proof(endpoints), url, form)
        if answer.status in _REFUSALS and _body_of(answer).get("error") == "invalid_client":
            newer = self._authentication.refreshed_proof(endpoints)
            if newer is not None:
                return self._ask_with(newer, url, form)
        return answer

    def _ask_with(self, proof: Proof, url: str, form: Mapping[str, str]) -> Answer:
        return self._web.ask(url, {**form, **proof.form}, proof.headers)


def _body_of(answer: Answer) -> dict[str, Any]:
    try:
        return strict_json.parse_object(answer.body)
    except JsonInvalid:
        return {}


def _tokens_of(body: Mapping[str, Any]) -> Tokens:
    """Read a token response (RFC 6749 section 5.1, OpenID Connect Core 1.0 section 3.1.3.3)."""
    if str(body.get("token_type", "")).lower() != "bearer":
        raise IssuerInvalid("token_type is not Bearer", "token_answer_invalid")
    access = _text(body, "access_token", _COMPACT)
    refresh = _text(body, "refresh_token", _REFRESH_TOKEN) if body.get("refresh_token") else ""
    id_token = _text(body, "id_token", _COMPACT) if body.get("id_token") else ""
    claims = unverified_claims(access)
    expires_in = body.get("expires_in")
    if type(claims.get("exp")) is not int or type(expires_in) is not int or expires_in <= 0:
        raise IssuerInvalid("the access token's lifetime is missing", "token_answer_invalid")
    return Tokens(access, claims, id_token, refresh, expires_in)


def unverified_claims(token: str) -> dict[str, Any]:
    """Decode the claims of a token that came straight from the issuer, for display.

    Raises:
        IssuerInvalid: It is not a JWT.
    """
    try:
        header, payload, signature = token.split(".")
        compact.decode_object(header)
        compact.decode_bytes(signature)
        return compact.decode_object(payload)
    except (ValueError, TokenMalformed):
        raise IssuerInvalid("the access token is not a JWT", "access_token_opaque") from None


def _text(body: Mapping[str, Any], name: str, form: re.Pattern[str]) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not form.fullmatch(value):
        raise IssuerInvalid(f"{name} is missing or malformed", "token_answer_invalid")
    return value
