"""`/oauth2/authorize` and `/login` -> an authorization code, once a person has signed in.

A form counts only from the page that this server gave to the same browser.
"""

import hmac
import secrets
from collections.abc import Mapping
from itertools import islice

from werkzeug.wrappers import Request, Response

from local.cognito.backend import StrictBackend
from local.cognito.errors import Refused
from local.cognito.oauth.authorizations import SESSION_COOKIE, Authorizations
from local.cognito.oauth.authorize_request import (
    AuthorizationRequest,
    RequestRefused,
    read_request,
)
from local.cognito.oauth.federated_sign_in import FederatedSignIn
from local.cognito.oauth.redirects import redirect_back
from local.cognito.oauth.sign_in_page import sign_in_page
from local.cognito.passwords import authenticate, must_change_password
from local.cognito.pool import SignedPool
from local.cognito.users import groups_of
from local.template.pool_config import POOL_PROVIDER

CSRF_COOKIE = "XSRF-TOKEN"
_CSRF_BYTES = 32
_MOST_PEOPLE = 12
_TEMPORARY = "This password is temporary; choose a new one with RespondToAuthChallenge first."


class SignInPages:
    """Serves the app clients of every pool of a backend.

    Args:
        backend: The pools.
        authorizations: Issues a code for the person who has signed in.
        federated: Signs people in by their provider.
    """

    def __init__(
        self, backend: StrictBackend, authorizations: Authorizations, federated: FederatedSignIn
    ) -> None:
        self._backend = backend
        self._authorizations = authorizations
        self._federated = federated

    def authorize(self, request: Request) -> Response:
        """GET /oauth2/authorize: a code for a person who is signed in already, else the page.

        A request for an identity provider goes straight to it, even if somebody is signed in.
        """
        try:
            asked = read_request(self._backend, request.args)
            if asked.provider and "none" not in asked.prompts:
                return self._federated.start(request, asked, asked.provider)
            if "login" not in asked.prompts:
                cookie = request.cookies.get(SESSION_COOKIE)
                response = self._authorizations.renewed(asked, cookie)
                if response is not None:
                    return response
        except RequestRefused as refused:
            return refused.response()
        if "none" in asked.prompts:
            return RequestRefused(
                "login_required", "nobody is signed in", asked.redirect_uri, asked.state
            ).response()
        return redirect_back("/login", _query(request))

    def login(self, request: Request) -> Response:
        """/login: show the page (GET), or check its form and redirect with a code (POST)."""
        try:
            asked = read_request(self._backend, request.args)
            if request.method != "POST":
                return _page(request, asked, asked.login_hint, "", 200)
            return self._sign_in(request, asked)
        except RequestRefused as refused:
            return refused.response()

    def _sign_in(self, request: Request, asked: AuthorizationRequest) -> Response:
        username = request.form.get("username", "")
        if POOL_PROVIDER not in asked.client.identity_providers:
            return _page(request, asked, "", "This app signs nobody in by password.", 403)
        if not _is_from_our_page(request):
            return _page(request, asked, username, "The form was too old; try again.", 403)
        try:
            password = request.form.get("password", "")
            user = authenticate(asked.pool, asked.client, username, password)
        except Refused as refused:
            return _page(request, asked, username, str(refused), 401)
        if must_change_password(user):
            return _page(request, asked, username, _TEMPORARY, 401)
        return self._authorizations.started(asked, user)


def _page(
    request: Request, asked: AuthorizationRequest, username: str, problem: str, status: int
) -> Response:
    # One token for all tabs of a browser.
    token = request.cookies.get(CSRF_COOKIE) or secrets.token_urlsafe(_CSRF_BYTES)
    page = sign_in_page(
        query=_query(request),
        csrf_token=token,
        redirect_uri=asked.redirect_uri,
        identity_providers=asked.client.identity_providers,
        people=_people(asked.pool),
        username=username,
        problem=problem,
        status=status,
    )
    page.set_cookie(CSRF_COOKIE, token, httponly=True, samesite="Strict", path="/login")
    return page


def _people(pool: SignedPool) -> list[tuple[str, list[str]]]:
    """Return the first of the pool's own people by the names that they sign in with."""
    own = (user for user in pool.users.values() if pool.federated.provider_of(user) is None)
    return [
        (user.attribute_lookup.get("email") or user.username, groups_of(user))
        for user in islice(own, _MOST_PEOPLE)
    ]


def _query(request: Request) -> Mapping[str, str]:
    return request.args.to_dict()


def _is_from_our_page(request: Request) -> bool:
    """Check that form and cookie hold the same token, and that no other origin sent the form.

    Cookies do not tell ports apart, so another server on this machine could plant one: the origin
    settles it.
    """
    cookie, given = request.cookies.get(CSRF_COOKIE, ""), request.form.get("_csrf", "")
    same = hmac.compare_digest(cookie.encode(), given.encode())
    origin = request.headers.get("Origin", request.host_url.rstrip("/"))
    return bool(given) and same and origin == request.host_url.rstrip("/")
