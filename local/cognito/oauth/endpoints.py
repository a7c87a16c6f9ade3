"""Backend -> the routes of a user pool's domain, wired to what they share."""

from collections.abc import Callable

from werkzeug.wrappers import Request, Response

from local.cognito.backend import StrictBackend
from local.cognito.oauth.authorizations import Authorizations
from local.cognito.oauth.browser_sessions import BrowserSessions
from local.cognito.oauth.codes import Codes
from local.cognito.oauth.federated_sign_in import RESPONSE_PATH, FederatedSignIn
from local.cognito.oauth.logout import LogoutEndpoint
from local.cognito.oauth.revocation import RevocationEndpoint
from local.cognito.oauth.sign_in import SignInPages
from local.cognito.oauth.sign_in_page import STYLE_PATH, style_sheet
from local.cognito.oauth.token_endpoint import TokenEndpoint
from local.cognito.oauth.user_info import UserInfoEndpoint
from local.cognito.routes import Route, Routes
from local.cognito.tokens import TokenIssuer

_FORM_HEADERS = ("authorization", "content-type")


def oauth_routes(
    backend: StrictBackend,
    issuer: TokenIssuer,
    clock: Callable[[], float],
) -> Routes:
    """Return the endpoints, by path.

    Args:
        backend: The pools; the app client in a request says which one is meant.
        issuer: Makes the tokens.
        clock: Seconds since the epoch.
    """
    codes, sessions = Codes(clock), BrowserSessions(clock)
    authorizations = Authorizations(codes, sessions, issuer)
    federated = FederatedSignIn(backend, authorizations, clock)
    pages = SignInPages(backend, authorizations, federated)
    token = TokenEndpoint(backend, codes, issuer)
    return {
        "/oauth2/authorize": Route(pages.authorize, ("GET",)),
        RESPONSE_PATH: Route(federated.respond, ("GET",)),
        "/login": Route(pages.login, ("GET", "POST")),
        "/logout": Route(LogoutEndpoint(backend, sessions).respond, ("GET",)),
        "/oauth2/token": Route(token.respond, ("POST",), _FORM_HEADERS),
        "/oauth2/revoke": Route(RevocationEndpoint(backend).respond, ("POST",), _FORM_HEADERS),
        "/oauth2/userInfo": Route(UserInfoEndpoint(backend).respond, ("GET",), ("authorization",)),
        STYLE_PATH: Route(_style, ("GET",)),
    }


def _style(_: Request) -> Response:
    return style_sheet()
