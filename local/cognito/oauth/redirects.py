"""A URL that a client registered -> the redirect back to it, its own query left as it is."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

from werkzeug.wrappers import Response


def redirect_back(url: str, answer: Mapping[str, str], state: str | None = None) -> Response:
    """Send the browser to a registered URL.

    Args:
        url: Registered with the client.
        answer: To add to its query.
        state: The client's own, returned unchanged; None if it sent none.
    """
    added = urlencode({**answer, **({} if state is None else {"state": state})})
    parts = urlsplit(url)
    query = "&".join(part for part in (parts.query, added) if part)
    headers = {
        "Location": urlunsplit(parts._replace(query=query)),
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }
    return Response(status=302, headers=headers)
