"""`/session/me`, `/session/refresh` and `/session/logout`: what a page asks while a session lasts.

Two tabs may renew at once, or an answer may be lost on its way: the same refresh token then comes
twice. Cognito takes it for ten seconds after its rotation (the client's grace period) and gives
each a good successor, so whichever answer sets the cookies last leaves a good session; the
anti-CSRF token is the same in both. A request to the issuer is given up in time for a second try
within the grace. Later, a second use is what a thief's would look like, and the issuer ends the
session (RFC 9700 section 4.14.2): a page should let one tab renew for all (Web Locks).
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlsplit

from jwt_verifier.freshness import Clock
from session import callers, response
from session.audit import Record
from session.browser_session import (
    BrowserSession,
    hash_access_token,
    load_session,
    render_session,
    session_cookies,
)
from session.cookie_keys import CookieKeys
from session.cookies import Cookies, delete_logins, delete_session
from session.discovery import Discovery
from session.ended_sessions import EndedSessions
from session.errors import (
    CookieInvalid,
    Forbidden,
    GrantRefused,
    IssuerInvalid,
    SignedOut,
    TokensTooLarge,
    Unavailable,
)
from session.grants import Grants, Tokens
from session.id_tokens import IdTokens
from session.own_tokens import OwnTokens
from session.response import Response
from session.settings import Settings
from session.urls import with_query

REVOKED: Final = frozenset({"revoked", "no_refresh_token", "no_session"})
"""What a revocation says when the issuer takes no refresh token of the session any longer."""

OVER_ANYWAY: Final = frozenset({"no_session", "session_ended", "session_idle"})
"""Why there is nothing to end."""

_COGNITO: Final = re.compile(r"(issuer-)?cognito-idp\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")


class SessionApi:
    """Answers the three routes."""

    def __init__(
        self,
        *,
        settings: Settings,
        keys: CookieKeys,
        ended: EndedSessions,
        own_tokens: OwnTokens | None,
        discovery: Discovery,
        grants: Grants,
        id_tokens: IdTokens,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._keys = keys
        self._ended = ended
        self._own_tokens = own_tokens
        self._discovery = discovery
        self._grants = grants
        self._id_tokens = id_tokens
        self._clock = clock

    def me(self, event: Mapping[str, Any], record: Record) -> Response:
        """Say who is signed in; a broken session counts as none and is deleted."""
        try:
            callers.require_own_page(event, self._settings.public_url)
            session, access = self._session(event)
        except SignedOut as error:
            record.refused(error)
            return response.document({"signed_in": False}, _deleted(error))
        except (Forbidden, Unavailable) as error:
            record.refused(error)
            return response.refusal(error)
        record.done("shown", **session.log_fields)
        return response.document(render_session(session, access, self._clock()))

    def refresh(self, event: Mapping[str, Any], record: Record) -> Response:
        """Renew the session; while the issuer does not answer it stays as it is.

        A sign-out wins over a renewal that is under way: whether the session was ended is looked
        up once more when the new tokens are there, and those are then revoked.
        """
        try:
            callers.require_own_origin(event, self._settings.public_url)
            session, _ = self._session(event)
            callers.require_csrf_token(event, session.csrf_token)
            tokens = self._renewed(session)
            renewed, cookies = self._renewed_cookies(session, tokens)
        except SignedOut as error:
            record.refused(error)
            return response.refusal(SignedOut("signed out"), _deleted(error))
        except (Forbidden, Unavailable, IssuerInvalid) as error:
            record.refused(error)
            return response.refusal(error)
        record.done("renewed", **renewed.log_fields)
        return response.document(render_session(renewed, tokens.access, self._clock()), cookies)

    def logout(self, event: Mapping[str, Any], record: Record) -> Response:
        """End the session in this browser, here and at the issuer, and say what did not work.

        Returns:
            `ended` says whether no copy of the cookies works here any longer (without revocation
            that of the access token does until it expires), `revoked` whether the issuer takes the
            refresh token no longer. The cookies are deleted either way.
        """
        cookies = Cookies.of(event)
        ended, revocation, who = False, "no_session", {}
        try:
            callers.require_own_origin(event, self._settings.public_url)
            session, access = load_session(cookies, self._keys, self._clock())
            callers.require_csrf_token(event, session.csrf_token)
            who = session.log_fields
            ended = self._end(session, access)
            revocation = self._grants.revoke(session.refresh_token)
            if revocation not in REVOKED:
                ended &= self._refuse_tokens(session, access, renewable=True)
        except Forbidden as error:
            record.refused(error)
            return response.refusal(error)
        except SignedOut as error:
            revocation, ended = error.reason, error.reason in OVER_ANYWAY
        except Unavailable as error:
            revocation = error.reason
        revoked = revocation in REVOKED
        record.signed_out(revocation, is_whole=ended and revoked, **who)
        body = {"logout_url": self._logout_url(), "ended": ended, "revoked": revoked}
        gone = [*delete_session(), *delete_logins(cookies.logins())]
        return response.document(body, gone, response.CLEARED)

    def _session(self, event: Mapping[str, Any]) -> tuple[BrowserSession, str]:
        session, access = load_session(Cookies.of(event), self._keys, self._clock())
        if self._ended.has(session):
            raise CookieInvalid("the session was ended", "session_signed_out")
        return session, access

    def _require_not_ended(self, renewed: BrowserSession) -> None:
        if self._ended.has(renewed):
            self._grants.revoke(renewed.refresh_token)
            raise CookieInvalid("the session was ended meanwhile", "session_signed_out")

    def _end(self, session: BrowserSession, access: str) -> bool:
        refused = self._refuse_tokens(session, access, renewable=False)
        try:
            self._ended.add(session)
        except Unavailable:
            return False
        return refused

    def _refuse_tokens(self, session: BrowserSession, access: str, *, renewable: bool) -> bool:
        if self._own_tokens is None:
            return True
        return self._own_tokens.refuse(session, access, renewable=renewable)

    def _renewed(self, session: BrowserSession) -> Tokens:
        if not session.refresh_token:
            raise CookieInvalid("the issuer gave no refresh token", "no_refresh_token")
        try:
            return self._grants.refresh(session.refresh_token)
        except GrantRefused as refused:
            if refused.error == "invalid_grant":
                raise CookieInvalid("the issuer has ended the session", "refresh_refused") from None
            raise Unavailable("the issuer refuses our client", "client_refused") from None

    def _renewed_cookies(
        self, session: BrowserSession, tokens: Tokens
    ) -> tuple[BrowserSession, list[str]]:
        try:
            renewed = self._successor(session, tokens)
            self._require_not_ended(renewed)
            return renewed, session_cookies(renewed, tokens, self._keys, int(self._clock()))
        except TokensTooLarge as too_large:
            self._grants.revoke(tokens.refresh or session.refresh_token)
            raise CookieInvalid("the tokens have become too large", too_large.reason) from None

    def _successor(self, session: BrowserSession, tokens: Tokens) -> BrowserSession:
        id_claims = self._id_claims(session, tokens.id)
        tokens.require_subject(id_claims["sub"])
        return replace(
            session,
            refresh_token=tokens.refresh or session.refresh_token,
            id_claims=id_claims,
            access_hash=hash_access_token(tokens.access),
            idle_at=int(self._clock()) + self._settings.lifetimes.idle_seconds,
        )

    def _id_claims(self, session: BrowserSession, id_token: str) -> Mapping[str, Any]:
        """Verify a new ID token, if there is one, as one of the same person and sign-in."""
        if not id_token:
            return session.id_claims
        try:
            claims = self._id_tokens.claims(id_token)
        except Unavailable:
            # The refresh token is rotated already: to fail here would lose the session.
            return session.id_claims
        if claims["sub"] != session.id_claims["sub"]:
            raise IssuerInvalid("the ID token is of another person", "subject_foreign")
        if claims.get("nonce", session.nonce) != session.nonce:
            raise IssuerInvalid("the ID token is of another sign-in", "nonce_foreign")
        return claims

    def _logout_url(self) -> str:
        """Return the URL that ends the issuer's own session (RP-Initiated Logout 1.0 section 2).

        Without `id_token_hint`, which would show a token to scripts, history and logs. Cognito has
        a parameter of its own for where to go then (Amazon Cognito, "Logout endpoint").
        """
        try:
            url = self._discovery.endpoints().end_session
        except (Unavailable, IssuerInvalid):
            url = None
        if url is None:
            return self._settings.app_url
        is_cognito = _COGNITO.fullmatch(urlsplit(self._settings.issuer).netloc)
        back = "logout_uri" if is_cognito else "post_logout_redirect_uri"
        asked = {"client_id": self._settings.client_id, back: self._settings.app_url}
        return with_query(url, asked)


def _deleted(error: SignedOut) -> list[str]:
    """Delete a damaged session cookie; one that another release may read stays."""
    return delete_session() if isinstance(error, CookieInvalid) else []
