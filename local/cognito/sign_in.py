"""`/oauth2/authorize` and `/login` -> an authorization code, after a person has signed in.

The rule: an unknown client or redirect URI is told to the person and never redirected to
(RFC 6749 section 4.1.2.1); a public client must use PKCE with S256 (RFC 9700 section 2.1.1).
"""

import re
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from werkzeug.wrappers import Request, Response

from local.cognito.app_clients import read_app_client
from local.cognito.backend import StrictBackend
from local.cognito.codes import Codes, Grant
from local.cognito.pool import SignedPool
from local.template.local_app import ClientConfig

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_PARAMETERS = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "nonce",
)


@dataclass(frozen=True, slots=True)
class _Asked:
    pool: SignedPool
    client: ClientConfig
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None
    challenge: str | None
    nonce: str | None


class _Refused(Exception):
    """Told to the person on the page, or to the client by a redirect."""

    def __init__(
        self, code: str, description: str, redirect_uri: str = "", state: str = ""
    ) -> None:
        super().__init__(description)
        self.code = code
        self.redirect_uri = redirect_uri
        self.state = state


class SignIn:
    """Serves the app clients of every pool of a backend."""

    def __init__(self, backend: StrictBackend, codes: Codes) -> None:
        self._backend = backend
        self._codes = codes

    def respond(self, request: Request) -> Response:
        """Show the form (GET), or check it and redirect with a code (POST)."""
        try:
            asked = self._asked(request)
        except _Refused as refused:
            if refused.redirect_uri:
                answer = {"error": refused.code, "error_description": str(refused)}
                return _redirect(refused.redirect_uri, answer, refused.state or None)
            return _page(f"<p>{escape(refused.code)}: {escape(str(refused))}</p>", 400)
        if request.method != "POST":
            return _form(request, "")
        username = request.form.get("username", "")
        password = request.form.get("password", "")
        if not self._backend.password_is_right(asked.pool, username, password):
            return _form(request, "Incorrect username or password.", 401)
        code = self._codes.issue(
            Grant(
                client_id=asked.client.id,
                redirect_uri=asked.redirect_uri,
                username=username,
                scopes=asked.scopes,
                challenge=asked.challenge,
                nonce=asked.nonce,
            )
        )
        return _redirect(asked.redirect_uri, {"code": code}, asked.state)

    def _asked(self, request: Request) -> _Asked:
        query = request.args
        client_id, redirect_uri = query.get("client_id", ""), query.get("redirect_uri", "")
        pool = self._backend.pool_of_client(client_id)
        if pool is None:
            raise _Refused("invalid_request", "client_id names no app client")
        client = read_app_client(pool.clients[client_id])
        if redirect_uri not in client.callback_urls:
            raise _Refused(
                "redirect_mismatch", "redirect_uri is none of the client's callback URLs"
            )
        state = query.get("state")

        def refuse(code: str, description: str) -> _Refused:
            return _Refused(code, description, redirect_uri, state or "")

        if any(len(query.getlist(name)) > 1 for name in query):
            raise refuse("invalid_request", "a parameter is repeated")
        if "code" not in client.oauth_flows:
            raise refuse("unauthorized_client", "the client may not use the code flow")
        if query.get("response_type") != "code":
            raise refuse("unsupported_response_type", "response_type must be code")
        scopes = tuple(query["scope"].split(" ")) if "scope" in query else client.oauth_scopes
        if not set(scopes) <= set(client.oauth_scopes):
            raise refuse("invalid_scope", "the client may not have one of these scopes")
        challenge = query.get("code_challenge")
        if challenge is None and not client.has_secret:
            raise refuse("invalid_request", "a public client must send code_challenge (PKCE)")
        if challenge is not None and (
            query.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge)
        ):
            raise refuse("invalid_request", "code_challenge must be S256, 43 characters")
        return _Asked(pool, client, redirect_uri, scopes, state, challenge, query.get("nonce"))


def _redirect(uri: str, answer: dict[str, str], state: str | None) -> Response:
    parts = urlsplit(uri)
    query = [*parse_qsl(parts.query), *answer.items(), *([("state", state)] if state else [])]
    location = urlunsplit(parts._replace(query=urlencode(query)))
    return Response(status=302, headers={"Location": location, "Cache-Control": "no-store"})


def _form(request: Request, problem: str, status: int = 200) -> Response:
    query = urlencode([(name, request.args[name]) for name in _PARAMETERS if name in request.args])
    return _page(
        f"<p>{escape(problem)}</p>"
        f'<form method="post" action="/login?{escape(query)}">'
        '<label>E-mail <input name="username" autocomplete="username" autofocus></label> '
        '<label>Password <input name="password" type="password"></label> '
        "<button>Sign in</button></form>",
        status,
    )


def _page(content: str, status: int) -> Response:
    html = f'<!doctype html><html lang="en"><title>Sign in</title><body>{content}</body></html>'
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": "frame-ancestors 'none'"}
    return Response(html, status, headers=headers, mimetype="text/html")
