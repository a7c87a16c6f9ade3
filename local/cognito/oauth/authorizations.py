"""A person who has signed in, by password or by a provider -> their client's code."""

from moto.cognitoidp.models import CognitoIdpUser
from werkzeug.wrappers import Response

from local.cognito.errors import Refused
from local.cognito.oauth.authorize_request import AuthorizationRequest, RequestRefused
from local.cognito.oauth.browser_sessions import SESSION_SECONDS, BrowserSession, BrowserSessions
from local.cognito.oauth.codes import Codes, Grant
from local.cognito.oauth.redirects import redirect_back
from local.cognito.pre_token import HOSTED_AUTH
from local.cognito.tokens import SignIn, TokenIssuer
from local.template.pool_config import POOL_PROVIDER

SESSION_COOKIE = "cognito"


class Authorizations:
    """Gives out codes, and keeps browsers signed in.

    Args:
        codes: Where a sign-in waits for its exchange.
        sessions: Of browsers.
        issuer: Asks the pool's trigger.
    """

    def __init__(self, codes: Codes, sessions: BrowserSessions, issuer: TokenIssuer) -> None:
        self._codes = codes
        self._sessions = sessions
        self._issuer = issuer

    def renewed(self, asked: AuthorizationRequest, cookie: str | None) -> Response | None:
        """Issue a code for a browser that is already signed in by an allowed provider; else None.

        Raises:
            RequestRefused: The pool's trigger fails the sign-in.
        """
        session = self._sessions.find(cookie, asked.pool.id)
        user = asked.pool.named(session.username) if session else None
        if session is None or user is None or not user.enabled:
            return None
        signed_in_by = asked.pool.federated.provider_of(user) or POOL_PROVIDER
        return (
            self._code(asked, user, session) if signed_in_by in asked.identity_providers else None
        )

    def started(self, asked: AuthorizationRequest, user: CognitoIdpUser) -> Response:
        """Issue a code for a person who has just signed in, and a session of their browser.

        Raises:
            RequestRefused: The pool's trigger fails the sign-in.
        """
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
