"""A browser that opens the API's page under another name of this machine -> the page's own name.

A browser keeps cookies and storage by name: a sign-in that begins at `localhost` and comes back to
127.0.0.1 finds neither.
"""

from local.gateway.messages import GatewayRequest, GatewayResponse

_FOUND = 302


def sent_to_own_name(
    request: GatewayRequest, api_url: str, page_path: str | None
) -> GatewayResponse | None:
    """The redirect for a browser that came by `localhost`; None for every other request.

    The page's own files are sent on for every client, the rest of the API only for what a browser
    opens in a tab (Fetch Metadata's `Sec-Fetch-Mode`): a program may call the API by either name.

    Args:
        request: As it came.
        api_url: The API's own origin on this machine.
        page_path: The path of the page that the API serves; None if it serves none.
    """
    if page_path is None or request.method not in ("GET", "HEAD"):
        return None
    if (request.header("host") or "").lower() != f"localhost:{request.port}":
        return None
    is_page = request.path == page_path or request.path.startswith(f"{page_path}/")
    if not is_page and request.header("sec-fetch-mode") != "navigate":
        return None
    query = f"?{request.query}" if request.query else ""
    headers = (("location", f"{api_url}{request.path}{query}"), ("cache-control", "no-store"))
    return GatewayResponse(_FOUND, headers, b"")
