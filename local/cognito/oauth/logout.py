"""`GET /logout` -> the end of a browser's session, and on to a URL that the client registered."""

from werkzeug.wrappers import Request, Response

from local.cognito.backend import StrictBackend
from local.cognito.oauth.authorizations import SESSION_COOKIE
from local.cognito.oauth.browser_sessions import BrowserSessions
from local.cognito.oauth.redirects import redirect_back
from local.cognito.oauth.sign_in_page import problem_page


class LogoutEndpoint:
    """Serves the app clients of every pool of a backend.

    Args:
        backend: The pools.
        sessions: Of browsers.
    """

    def __init__(self, backend: StrictBackend, sessions: BrowserSessions) -> None:
        self._backend = backend
        self._sessions = sessions

    def respond(self, request: Request) -> Response:
        """Sign out and redirect: to `logout_uri`, or with `redirect_uri` to sign in again.

        Refresh tokens live on, as on Cognito: GlobalSignOut and revocation end those.
        """
        query = request.args
        client_id = query.get("client_id", "")
        pool = self._backend.pool_of_client(client_id)
        client = pool.client(client_id) if pool else None
        if client is None:
            return problem_page("invalid_request", "unknown client_id")
        logout_uri = query.get("logout_uri")
        if logout_uri is not None:
            if logout_uri not in client.logout_urls:
                return problem_page(
                    "redirect_mismatch", "logout_uri is not one of the client's sign-out URLs"
                )
            response = redirect_back(logout_uri, {}, query.get("state"))
        elif query.get("redirect_uri") in client.callback_urls:
            response = redirect_back("/login", query.to_dict())
        else:
            return problem_page(
                "invalid_request",
                "logout_uri, or redirect_uri with one of the client's callback URLs, is needed",
            )
        self._sessions.end(request.cookies.get(SESSION_COOKIE))
        response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="Lax")
        return response
