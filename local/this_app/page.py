"""A browser that opens the API's page under another name of this machine -> the page's own name.

A browser keeps cookies and storage by name: a sign-in that begins at `localhost` and comes back to
127.0.0.1 finds neither.
"""

from local.gateway.messages import GatewayRequest, GatewayResponse
from local.template.local_app import LocalApp

PAGE_PATH = "/app"
"""Where the API serves the web page, if it does."""

_FOUND = 302


def serves_page(app: LocalApp) -> bool:
    """Return whether the API has a route for the page."""
    return any(route.key == f"GET {PAGE_PATH}" for route in app.api.routes)


def sent_to_own_name(
    app: LocalApp, api_url: str, request: GatewayRequest
) -> GatewayResponse | None:
    """Return the redirect for a browser that came by `localhost`; None for every other request.

    The page's own files are sent on for every client, the rest of the API only for what a browser
    opens in a tab (Fetch Metadata's `Sec-Fetch-Mode`): a program may call the API by either name.

    Args:
        app: What is served.
        api_url: The API's own origin on this machine.
        request: As it came.
    """
    if request.method not in ("GET", "HEAD"):
        return None
    if (request.header("host") or "").lower() != f"localhost:{request.port}":
        return None
    if not serves_page(app):
        return None
    is_page = request.path == PAGE_PATH or request.path.startswith(f"{PAGE_PATH}/")
    if not is_page and request.header("sec-fetch-mode") != "navigate":
        return None
    query = f"?{request.query}" if request.query else ""
    headers = (("location", f"{api_url}{request.path}{query}"), ("cache-control", "no-store"))
    return GatewayResponse(_FOUND, headers, b"")
