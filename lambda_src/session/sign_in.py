"""Start here: `/session/login` and `/session/callback`, where a session begins.

login -> the issuer's page -> callback: the issuer's answer -> this browser's login cookie, by its
state -> tokens for the code -> verified ID token, for its nonce -> cookies, all or none.
Whatever goes wrong is told to a person, on a page; a login cookie is used once, and an
answer that this browser did not ask for changes nothing.
"""

import hmac
from collections.abc import Mapping
from typing import Any

from jwt_verifier.freshness import Clock
from session import callback_request, callers, response
from session.audit import Record
from session.browser_session import BrowserSession, new_session, session_cookies
from session.cookie_keys import CookieKeys
from session.cookies import Cookies, delete_logins, set_login
from session.discovery import Discovery
from session.errors import (
    Forbidden,
    GrantRefused,
    IssuerInvalid,
    SessionError,
    SignInFailed,
    TokensTooLarge,
    Unavailable,
)
from session.grants import Grants, Tokens
from session.id_tokens import IdTokens
from session.login import Login, login_cookie, login_of, too_many
from session.response import Response
from session.return_to import return_to_of
from session.settings import Settings
from session.urls import with_query

FOUND = 302
SEE_OTHER = 303
_TOLD = (SignInFailed, Forbidden, Unavailable, IssuerInvalid)


class SignIn:
    """Answers both routes."""

    def __init__(
        self,
        *,
        settings: Settings,
        keys: CookieKeys,
        discovery: Discovery,
        grants: Grants,
        id_tokens: IdTokens,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._keys = keys
        self._discovery = discovery
        self._grants = grants
        self._id_tokens = id_tokens
        self._clock = clock

    def login(self, event: Mapping[str, Any], record: Record) -> Response:
        """Send the browser to the issuer (OpenID Connect Core 1.0 section 3.1.2.1)."""
        try:
            callers.require_navigation(event)
            return_to = return_to_of(callback_request.parse(event))
            url, cookies = self._begun(event, Login.begin(self._clock(), return_to))
        except _TOLD as error:
            record.refused(error)
            return response.page(error, _in_words(error))
        record.done("begun")
        return response.redirect(FOUND, url, cookies)

    def callback(self, event: Mapping[str, Any], record: Record) -> Response:
        """Take the issuer's answer, and set the session's cookies."""
        used: list[str] = []
        try:
            answer = callback_request.parse(event)
            cookie = login_cookie(answer.get("state", ""))
            if cookie in Cookies.of(event).logins():
                used = delete_logins([cookie])
            login = login_of(Cookies.of(event), self._keys, self._clock(), answer.get("state", ""))
            session, cookies = self._signed_in(answer, login)
        except _TOLD as error:
            record.refused(error)
            return response.page(error, _in_words(error), used)
        record.done("signed_in", **session.log_fields)
        url = f"{self._settings.public_url}{login.return_to}"
        return response.redirect(SEE_OTHER, url, [*used, *cookies])

    def _begun(self, event: Mapping[str, Any], login: Login) -> tuple[str, list[str]]:
        asked = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._settings.redirect_uri,
            "scope": self._settings.scopes,
            "state": login.state,
            "nonce": login.nonce,
            "code_challenge": login.challenge,
            "code_challenge_method": "S256",
        }
        url = with_query(self._discovery.endpoints().authorization, asked)
        dropped = delete_logins(too_many(Cookies.of(event), self._keys))
        return url, [*dropped, set_login(login.cookie, login.seal(self._keys))]

    def _signed_in(
        self, answer: Mapping[str, str], login: Login
    ) -> tuple[BrowserSession, list[str]]:
        code = callback_request.code_of(
            answer,
            login.state,
            self._settings.issuer,
            names_itself=self._discovery.endpoints().names_itself,
        )
        tokens = self._redeemed(code, login)
        try:
            session = self._session(tokens, login)
            return session, session_cookies(session, tokens, self._keys, int(self._clock()))
        except TokensTooLarge as too_large:
            self._grants.revoke(tokens.refresh)
            raise SignInFailed(
                "The tokens are too large for a browser's cookies: ask the operator to put "
                "less into them, fewer groups for example.",
                too_large.reason,
            ) from None

    def _session(self, tokens: Tokens, login: Login) -> BrowserSession:
        id_claims = self._id_tokens.claims(tokens.id)
        nonce = str(id_claims.get("nonce", ""))
        if not hmac.compare_digest(nonce.encode(errors="surrogatepass"), login.nonce.encode()):
            raise IssuerInvalid("the ID token is of another sign-in", "nonce_foreign")
        tokens.require_subject(id_claims["sub"])
        now, lifetimes = int(self._clock()), self._settings.lifetimes
        return new_session(tokens, id_claims, login.nonce, now, lifetimes)

    def _redeemed(self, code: str, login: Login) -> Tokens:
        try:
            return self._grants.redeem(code, login.verifier)
        except GrantRefused as refused:
            if refused.error == "invalid_grant":
                raise SignInFailed(
                    "The sign-in took too long, or was finished once already.", "code_refused"
                ) from None
            raise IssuerInvalid("the issuer refuses our client", "client_refused") from None


def _in_words(error: SessionError) -> str:
    if isinstance(error, SignInFailed):
        return str(error)
    if isinstance(error, Forbidden):
        return "A sign-in begins with a link or an address, not inside another page."
    if isinstance(error, Unavailable):
        return "A service that sign-in needs does not answer. Wait a moment."
    return "The issuer's answer is not valid. You are not signed in."
