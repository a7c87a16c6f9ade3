"""Start here: `/session/login` and `/session/callback`, where a session begins.

login -> the issuer's page -> callback: this browser's login cookie -> the issuer's answer, for its
state -> tokens for the code -> verified ID token, for its nonce -> cookies, all or none.
Whatever goes wrong is told to a person, on a page, in words; the login cookie is used once.
"""

import hmac
from collections.abc import Mapping
from typing import Any

from session import callback_request, response
from session.audit import Record
from session.browser_session import BrowserSession, access_hash, cookies_of, new_csrf_token
from session.cookie_keys import CookieKeys
from session.cookies import Cookies, delete_login, set_login
from session.discovery import Discovery
from session.errors import GrantRefused, IssuerInvalid, SessionError, SignInFailed, Unavailable
from session.grants import Grants, Tokens
from session.id_tokens import IdTokens
from session.kept import Clock
from session.login import Login, login_of
from session.response import Response
from session.settings import Settings
from session.urls import with_query

FOUND = 302
SEE_OTHER = 303


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

    def login(self, _event: Mapping[str, Any], record: Record) -> Response:
        """Send the browser to the issuer (OpenID Connect Core 1.0 section 3.1.2.1)."""
        try:
            login = Login.begin(self._clock())
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
            cookie = set_login(login.sealed(self._keys))
        except (Unavailable, IssuerInvalid) as error:
            record.refused(error)
            return response.page(error, _in_words(error))
        record.done("begun")
        return response.redirect(FOUND, url, [cookie])

    def callback(self, event: Mapping[str, Any], record: Record) -> Response:
        """Take the issuer's answer, and set the session's cookies."""
        try:
            cookies = self._session_cookies(event)
        except (SignInFailed, Unavailable, IssuerInvalid) as error:
            record.refused(error)
            return response.page(error, _in_words(error), [delete_login()])
        record.done("signed_in")
        return response.redirect(SEE_OTHER, self._settings.app_url, [delete_login(), *cookies])

    def _session_cookies(self, event: Mapping[str, Any]) -> list[str]:
        login = login_of(Cookies.of(event), self._keys, self._clock())
        answer = callback_request.parse(event)
        code = callback_request.code_of(answer, login.state, self._settings.issuer)
        tokens = self._redeemed(code, login)
        id_claims = self._id_tokens.claims(tokens.id)
        nonce = str(id_claims.get("nonce", ""))
        if not hmac.compare_digest(nonce.encode(), login.nonce.encode()):
            raise IssuerInvalid("the ID token is of another sign-in", "nonce_foreign")
        session = BrowserSession(
            tokens.refresh, id_claims, login.nonce, new_csrf_token(), access_hash(tokens.access)
        )
        try:
            return cookies_of(session, tokens, self._keys)
        except ValueError:
            self._grants.revoke(tokens.refresh)
            raise SignInFailed(
                "The tokens are too large for a browser's cookies: ask whoever runs this to put "
                "less into them, fewer groups for example.",
                "cookies_too_large",
            ) from None

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
    if isinstance(error, Unavailable):
        return "Something that signing in needs does not answer. Wait a moment."
    return "The issuer has not answered as it should. Nobody was signed in."
