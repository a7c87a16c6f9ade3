"""`/oauth2/authorize` and `/login` -> an authorization code, once a person has signed in.

The rule: a form counts only from the page that this server gave to the same browser.
"""

import hmac
import secrets
from collections.abc import Mapping

from moto.cognitoidp.models import CognitoIdpUser
from werkzeug.wrappers import Request, Response

from local.cognito.backend import StrictBackend
from local.cognito.errors import Refused
from local.cognito.oauth.authorize_request import (
    AuthorizationRequest,
    RequestRefused,
    read_request,
)
from local.cognito.oauth.browser_sessions import SESSION_SECONDS, BrowserSession, BrowserSessions
from local.cognito.oauth.codes import Codes, Grant
from local.cognito.oauth.redirects import redirect_back
from local.cognito.oauth.sign_in_page import problem_page, sign_in_page
from local.cognito.passwords import authenticate, must_change_password
from local.cognito.pre_token import HOSTED_AUTH
from local.cognito.tokens import SignIn, TokenIssuer

SESSION_COOKIE = "cognito"
CSRF_COOKIE = "XSRF-TOKEN"
_CSRF_BYTES = 32
_TEMPORARY = "This password is temporary; choose a new one with RespondToAuthChallenge first."


class SignInPages:
    """Serves the app clients of every pool of a backend.

    Args:
        backend: The pools.
        codes: Where a sign-in waits for its exchange.
        sessions: Of browsers.
        issuer: Asks the pool's trigger.
    """

    def __init__(
        self, backend: StrictBackend, codes: Codes, sessions: BrowserSessions, issuer: TokenIssuer
    ) -> None:
        self._backend = backend
        self._codes = codes
        self._sessions = sessions
        self._issuer = issuer

    def authorize(self, request: Request) -> Response:
        """GET /oauth2/authorize: a code for whoever is signed in already, else on to /login."""
        try:
            asked = read_request(self._backend, request.args)
            cookie = request.cookies.get(SESSION_COOKIE)
            session = self._sessions.find(cookie, asked.pool.id)
            user = asked.pool.user(session.username) if session else None
            if session and user and user.enabled and "login" not in asked.prompts:
                return self._code(asked, user, session)
        except RequestRefused as refused:
            return _told(refused)
        if "none" in asked.prompts:
            return _told(
                RequestRefused(
                    "login_required", "nobody is signed in", asked.redirect_uri, asked.state
                )
            )
        return redirect_back("/login", _query(request))

    def login(self, request: Request) -> Response:
        """/login: show the form (GET), or check it and redirect with a code (POST)."""
        try:
            asked = read_request(self._backend, request.args)
            if request.method != "POST":
                return _form(request, asked, asked.login_hint, "", 200)
            return self._sign_in(request, asked)
        except RequestRefused as refused:
            return _told(refused)

    def _sign_in(self, request: Request, asked: AuthorizationRequest) -> Response:
        username = request.form.get("username", "")
        if not _is_from_our_page(request):
            return _form(request, asked, username, "The form was too old; try again.", 403)
        try:
            password = request.form.get("password", "")
            user = authenticate(asked.pool, asked.client, username, password)
        except Refused as refused:
            return _form(request, asked, username, str(refused), 401)
        if must_change_password(user):
            return _form(request, asked, username, _TEMPORARY, 401)
        cookie, session = self._sessions.start(asked.pool.id, user.username)
        response = self._code(asked, user, session)
        response.set_cookie(
            SESSION_COOKIE, cookie, max_age=SESSION_SECONDS, httponly=True, samesite="Lax"
        )
        return response

    def _code(
        self, asked: AuthorizationRequest, user: CognitoIdpUser, session: BrowserSession
    ) -> Response:
        sign_in = SignIn(
            asked.pool, asked.client, user, asked.scopes, session.auth_time, by_api=False
        )
        try:
            customisation = self._issuer.customise(sign_in, HOSTED_AUTH)
        except Refused as refused:
            raise RequestRefused(
                "invalid_request", str(refused), asked.redirect_uri, asked.state
            ) from refused
        code = self._codes.issue(
            Grant(
                client_id=asked.client.id,
                redirect_uri=asked.redirect_uri,
                username=user.username,
                scopes=asked.scopes,
                challenge=asked.challenge,
                nonce=asked.nonce,
                auth_time=session.auth_time,
                customisation=customisation,
            )
        )
        return redirect_back(asked.redirect_uri, {"code": code}, asked.state)


def _told(refused: RequestRefused) -> Response:
    if refused.redirect_uri is None:
        return problem_page(refused.code, str(refused))
    answer = {"error": refused.code, "error_description": str(refused)}
    return redirect_back(refused.redirect_uri, answer, refused.state)


def _form(
    request: Request, asked: AuthorizationRequest, username: str, problem: str, status: int
) -> Response:
    # One token for all tabs of a browser.
    token = request.cookies.get(CSRF_COOKIE) or secrets.token_urlsafe(_CSRF_BYTES)
    page = sign_in_page(
        query=_query(request),
        csrf_token=token,
        redirect_uri=asked.redirect_uri,
        username=username,
        problem=problem,
        status=status,
    )
    page.set_cookie(CSRF_COOKIE, token, httponly=True, samesite="Strict", path="/login")
    return page


def _query(request: Request) -> Mapping[str, str]:
    return request.args.to_dict()


def _is_from_our_page(request: Request) -> bool:
    """The token is in form and cookie, and no other origin sent the form.

    Cookies do not tell ports apart, so another server on this machine could plant one: the origin
    settles it.
    """
    cookie, given = request.cookies.get(CSRF_COOKIE, ""), request.form.get("_csrf", "")
    same = hmac.compare_digest(cookie.encode(), given.encode())
    origin = request.headers.get("Origin", request.host_url.rstrip("/"))
    return bool(given) and same and origin == request.host_url.rstrip("/")
