"""What a person reads -> HTML without a script, under a policy that allows none.

Every value goes through `escape`, and the page works with a keyboard and a screen
reader: labels, a heading, an announced error, native controls in reading order.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from html import escape
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from werkzeug.wrappers import Response

from local.template.pool_config import POOL_PROVIDER

STYLE_PATH = "/sign-in.css"
_STYLE = (Path(__file__).parent / "sign-in.css").read_text(encoding="utf-8")
_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(//[A-Za-z0-9.:\[\]-]+)?")


def sign_in_page(
    *,
    query: Mapping[str, str],
    csrf_token: str,
    redirect_uri: str,
    identity_providers: Collection[str],
    people: Sequence[tuple[str, Sequence[str]]],
    username: str,
    problem: str,
    status: int,
) -> Response:
    """Return the form for e-mail and password, who can fill it in, and links to other providers.

    Args:
        query: Of the authorization request; the form is sent with it.
        csrf_token: The one in the browser's cookie.
        redirect_uri: Where the browser goes after it; the policy must allow that.
        identity_providers: Whom the app client lets sign people in; the form is COGNITO's.
        people: Names to sign in with, each with its groups; shown beside the form.
        username: To fill in.
        problem: What was wrong with the last try, or "".
        status: Of the answer.
    """
    alert = f'<p id="problem" role="alert">{escape(problem)}</p>' if problem else ""
    form = ""
    if POOL_PROVIDER in identity_providers:
        form = _form(query, csrf_token, username, problem) + _people(people)
    links = _links(query, [name for name in identity_providers if name != POOL_PROVIDER])
    return _page("Sign in", f"{alert}{form}{links}", status, _form_action(redirect_uri))


def _form(query: Mapping[str, str], csrf_token: str, username: str, problem: str) -> str:
    described = ' aria-describedby="problem" aria-invalid="true"' if problem else ""
    return (
        f'<form method="post" action="/login?{escape(urlencode(query))}">'
        f'<input type="hidden" name="_csrf" value="{escape(csrf_token)}">'
        '<label for="username">E-mail</label>'
        '<input id="username" name="username" inputmode="email" autocomplete="username"'
        f' autocapitalize="none" spellcheck="false" value="{escape(username)}" required'
        f" autofocus{described}>"
        '<label for="password">Password</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password"'
        f" required{described}>"
        '<button type="submit">Sign in</button></form>'
    )


def _people(people: Sequence[tuple[str, Sequence[str]]]) -> str:
    if not people:
        return ""
    items = ""
    for name, groups in people:
        of = f" ({escape(', '.join(groups))})" if groups else ""
        items += f"<li>{escape(name)}{of}</li>"
    return (
        '<section aria-labelledby="people"><h2 id="people">People of this local pool</h2>'
        f"<ul>{items}</ul><p>Their passwords are shown where the stack was started.</p></section>"
    )


def _links(query: Mapping[str, str], names: Collection[str]) -> str:
    """Make links instead of a form: the page's policy allows no form to a provider."""
    if not names:
        return ""
    items = ""
    for name in names:
        href = "/oauth2/authorize?" + urlencode({**query, "identity_provider": name})
        items += f'<li><a href="{escape(href)}">Continue with {escape(name)}</a></li>'
    return f'<nav aria-label="Identity providers"><ul>{items}</ul></nav>'


def problem_page(code: str, description: str) -> Response:
    """Tell the person why there is no form, since the client cannot be told."""
    words = f"<p>{escape(description)}.</p><p><code>{escape(code)}</code></p>"
    return _page("This sign-in link does not work", words, 400, "'none'")


def style_sheet() -> Response:
    """Return the pages' one style sheet."""
    return Response(_STYLE, 200, mimetype="text/css")


def _page(title: str, content: str, status: int, form_action: str) -> Response:
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{title}</title><link rel="stylesheet" href="{STYLE_PATH}"></head>'
        f"<body><main><h1>{title}</h1>{content}</main></body></html>"
    )
    policy = (
        f"default-src 'none'; style-src 'self'; form-action {form_action};"
        " base-uri 'none'; frame-ancestors 'none'"
    )
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        # Stricter, and a browser would hide the form's origin from this server.
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    return Response(html, status, headers=headers, mimetype="text/html")


def _form_action(redirect_uri: str) -> str:
    """Return `form-action`, which browsers apply to the redirect after the form too."""
    parts = urlsplit(redirect_uri)
    web = parts.scheme in ("http", "https")
    source = f"{parts.scheme}://{parts.netloc}" if web else f"{parts.scheme}:"
    return f"'self' {source}" if _ORIGIN.fullmatch(source) else "'self'"
