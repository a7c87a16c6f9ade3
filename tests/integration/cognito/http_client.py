"""A client that keeps cookies and follows nothing, as tests of redirects need it."""

import base64
import http.client
import json
import re
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

from local.cognito.oauth.codes import challenge_of

from .conftest import CALLBACK, Cognito

VERIFIER = "a-verifier-of-enough-length-for-the-standard-0123456789"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str
    set_cookies: tuple[str, ...]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def redirected(self) -> dict[str, str]:
        query = urlsplit(self.headers["location"]).query
        return {k: v[0] for k, v in parse_qs(query, keep_blank_values=True).items()}


@dataclass
class Browser:
    """Keeps cookies, sends an Origin with a form, and follows nothing."""

    cognito: Cognito
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, query: dict[str, str]) -> Answer:
        return self._ask("GET", f"{path}?{urlencode(query)}", None, {})

    def post(self, target: str, form: dict[str, str], origin: str | None = None) -> Answer:
        return self._ask("POST", target, form, {"Origin": origin or self.cognito.server.url})

    def sign_in(
        self, asked: dict[str, str], username: str | None = None, password: str | None = None
    ) -> Answer:
        """Open the page, fill it in and send it, as its own HTML says."""
        page = self.get("/login", asked)
        if page.status != 200:
            return page
        admin = self.cognito.users["admin"]
        form = {
            "username": username or admin.username,
            "password": password or admin.password,
            "_csrf": found(r'name="_csrf" value="([^"]+)"', page),
        }
        return self.post(found(r'action="([^"]+)"', page).replace("&amp;", "&"), form)

    def _ask(self, method: str, target: str, form: Any, headers: dict[str, str]) -> Answer:
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = ask(self.cognito, method, target, form, {**headers, "Cookie": jar})
        for line in answer.set_cookies:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "0":
                    del self.cookies[name]
        return answer


def ask(
    cognito: Cognito,
    method: str,
    target: str,
    form: Any = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    connection = http.client.HTTPConnection(cognito.server.url.removeprefix("http://"), timeout=5)
    try:
        body = None if form is None else urlencode(form)
        connection.request(method, target, body, {**(FORM if body else {}), **(headers or {})})
        response = connection.getresponse()
        names = {name.lower(): value for name, value in response.getheaders()}
        cookies = tuple(response.headers.get_all("Set-Cookie", []))
        return Answer(response.status, names, response.read().decode(), cookies)
    finally:
        connection.close()


def found(pattern: str, answer: Answer) -> str:
    match = re.search(pattern, answer.body)
    assert match, f"{pattern} is not on the page: {answer.body}"
    return match[1]


def token(cognito: Cognito, headers: Any = None, **form: Any) -> Answer:
    return ask(cognito, "POST", "/oauth2/token", form, headers)


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


def authorize(**changes: str | None) -> dict[str, str]:
    asked = {
        "client_id": "web",
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid orders/read",
        "state": "opaque & odd",
        "code_challenge": challenge_of(VERIFIER),
        "code_challenge_method": "S256",
        **changes,
    }
    return {name: value for name, value in asked.items() if value is not None}


def redeem(cognito: Cognito, code: str, **changes: str) -> Answer:
    form = {
        "grant_type": "authorization_code",
        "client_id": "web",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        **changes,
    }
    return token(cognito, **{name: value for name, value in form.items() if value})


def tokens_by_code(cognito: Cognito, username: str | None = None, **changes: str) -> Any:
    """Sign in on the page (the admin, unless another is named) and exchange the code."""
    user = cognito.users[username or "admin"]
    back = Browser(cognito).sign_in(authorize(**changes), user.username, user.password)
    return redeem(cognito, back.redirected["code"]).json


def refresh(cognito: Cognito, refresh_token: str, client_id: str = "web", **proof: str) -> Answer:
    return token(
        cognito,
        grant_type="refresh_token",
        client_id=client_id,
        refresh_token=refresh_token,
        **proof,
    )


def claims(token_text: str) -> Any:
    return jwt.decode(token_text, options={"verify_signature": False})
