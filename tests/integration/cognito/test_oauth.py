"""The OAuth endpoints: who gets a token, who gets which error of RFC 6749."""

import base64
import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest

from local.cognito.codes import challenge_of

from .conftest import CALLBACK, Cognito

VERIFIER = "a-verifier-of-enough-length-for-the-standard-0123456789"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def redirected(self) -> dict[str, str]:
        return {k: v[0] for k, v in parse_qs(urlsplit(self.headers["location"]).query).items()}


def ask(
    cognito: Cognito,
    method: str,
    path: str,
    form: Any = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    connection = http.client.HTTPConnection(cognito.server.url.removeprefix("http://"), timeout=5)
    try:
        body = None if form is None else urlencode(form)
        connection.request(method, path, body, {**(FORM if body else {}), **(headers or {})})
        response = connection.getresponse()
        names = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, names, response.read().decode())
    finally:
        connection.close()


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


def sign_in(cognito: Cognito, asked: dict[str, str], password: str | None = None) -> Answer:
    admin = cognito.users["admin"]
    form = {"username": admin.username, "password": password or admin.password}
    return ask(cognito, "POST", f"/login?{urlencode(asked)}", form)


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


def claims(token_text: str) -> Any:
    return jwt.decode(token_text, options={"verify_signature": False})


def test_a_machine_gets_a_token_with_its_secret_in_the_header(cognito: Cognito) -> None:
    answer = token(
        cognito, basic("machine", cognito.machine_secret), grant_type="client_credentials"
    )
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("Bearer", 600)
    found = claims(answer.json["access_token"])
    assert (found["sub"], found["client_id"], found["scope"]) == (
        "machine",
        "machine",
        "orders/read",
    )
    assert "username" not in found


def test_a_machine_gets_a_token_with_its_secret_in_the_form(cognito: Cognito) -> None:
    answer = token(
        cognito,
        grant_type="client_credentials",
        client_id="machine",
        client_secret=cognito.machine_secret,
        scope="orders/read",
    )
    assert claims(answer.json["access_token"])["scope"] == "orders/read"


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"grant_type": "client_credentials", "scope": "orders/write"}, "invalid_scope"),
        ({"grant_type": "client_credentials", "scope": ""}, "invalid_scope"),
        ({"grant_type": "client_credentials", "scope": "orders/read  "}, "invalid_scope"),
        ({"grant_type": "refresh_token"}, "unsupported_grant_type"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code", "code": "x"}, "unauthorized_client"),
        ({"grant_type": "client_credentials", "client_id": "web"}, "invalid_request"),
        ({"scope": "orders/read"}, "invalid_request"),
    ],
)
def test_a_machines_wrong_request_gets_its_error(
    cognito: Cognito, form: dict[str, str], code: str
) -> None:
    answer = token(cognito, basic("machine", cognito.machine_secret), **form)
    assert (answer.status, answer.json["error"]) == (400, code)


def test_a_wrong_secret_in_the_header_is_challenged(cognito: Cognito) -> None:
    answer = token(cognito, basic("machine", "wrong"), grant_type="client_credentials")
    assert (answer.status, answer.json["error"]) == (401, "invalid_client")
    assert answer.headers["www-authenticate"].startswith("Basic")


@pytest.mark.parametrize("secret", ["wrong", "", None])
def test_a_wrong_or_missing_secret_in_the_form_is_refused(
    cognito: Cognito, secret: str | None
) -> None:
    form = {"grant_type": "client_credentials", "client_id": "machine"}
    answer = token(cognito, **form, **({} if secret is None else {"client_secret": secret}))
    assert (answer.status, answer.json["error"]) == (400, "invalid_client")


@pytest.mark.parametrize("header", ["Basic !!!", "Basic bm9jb2xvbg==", "Bearer x", ""])
def test_a_malformed_client_header_is_refused(cognito: Cognito, header: str) -> None:
    answer = token(cognito, {"Authorization": header}, grant_type="client_credentials")
    assert (answer.status, answer.json["error"]) == (401, "invalid_client")


def test_a_repeated_parameter_is_refused(cognito: Cognito) -> None:
    form = [("grant_type", "client_credentials"), ("grant_type", "authorization_code")]
    answer = ask(cognito, "POST", "/oauth2/token", form)
    assert (answer.status, answer.json["error"]) == (400, "invalid_request")


def test_the_token_endpoint_takes_a_posted_form_only(cognito: Cognito) -> None:
    assert ask(cognito, "GET", "/oauth2/token").json["error"] == "invalid_request"
    as_json = {"Content-Type": "application/json"}
    assert ask(cognito, "POST", "/oauth2/token", {"a": "b"}, as_json).status == 400


def test_the_page_asks_for_email_and_password(cognito: Cognito) -> None:
    answer = ask(cognito, "GET", f"/oauth2/authorize?{urlencode(authorize())}")
    assert answer.status == 200
    assert 'name="username"' in answer.body
    assert 'type="password"' in answer.body


def test_a_person_signs_in_by_code_and_pkce(cognito: Cognito) -> None:
    back = sign_in(cognito, authorize(nonce="n-1"))
    assert back.status == 302
    assert back.headers["location"].startswith(f"{CALLBACK}?")
    assert back.redirected["state"] == "opaque & odd"
    answer = redeem(cognito, back.redirected["code"])
    assert answer.status == 200
    access = claims(answer.json["access_token"])
    assert (access["scope"], access["client_id"]) == ("openid orders/read", "web")
    assert access["cognito:groups"] == ["admins", "support"]
    identity = claims(answer.json["id_token"])
    assert (identity["aud"], identity["nonce"]) == ("web", "n-1")


def test_without_openid_there_is_no_id_token(cognito: Cognito) -> None:
    code = sign_in(cognito, authorize(scope="orders/read")).redirected["code"]
    assert "id_token" not in redeem(cognito, code).json


def test_a_callback_keeps_its_own_query(cognito: Cognito) -> None:
    back = sign_in(cognito, authorize(redirect_uri="http://localhost:5173/other?kept=1"))
    assert back.redirected["kept"] == "1"


def test_a_code_is_good_once(cognito: Cognito) -> None:
    code = sign_in(cognito, authorize()).redirected["code"]
    assert redeem(cognito, code).status == 200
    again = redeem(cognito, code)
    assert (again.status, again.json["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "another-verifier-of-enough-length-0123456789abcdef"},
        {"code_verifier": ""},
        {"redirect_uri": "http://localhost:5173/other?kept=1"},
        {"code": "no-such-code"},
    ],
)
def test_a_code_is_bound_to_verifier_and_redirect_uri(
    cognito: Cognito, changes: dict[str, str]
) -> None:
    code = sign_in(cognito, authorize()).redirected["code"]
    answer = redeem(cognito, changes.pop("code", code), **changes)
    assert (answer.status, answer.json["error"]) == (400, "invalid_grant")


def test_a_wrong_password_shows_the_page_again(cognito: Cognito) -> None:
    answer = sign_in(cognito, authorize(), password="wrong")
    assert answer.status == 401
    assert "Incorrect username or password." in answer.body
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "http://localhost:5173/callback/"},
        {"redirect_uri": "http://localhost:5173/callback?x=1"},
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": None},
        {"client_id": "nobody"},
        {"client_id": None},
    ],
)
def test_an_unknown_client_or_redirect_uri_is_never_redirected_to(
    cognito: Cognito, changes: dict[str, str | None]
) -> None:
    for answer in (
        ask(cognito, "GET", f"/oauth2/authorize?{urlencode(authorize(**changes))}"),
        sign_in(cognito, authorize(**changes)),
    ):
        assert answer.status == 400
        assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "orders/delete"}, "invalid_scope"),
        ({"scope": "openid openid-not"}, "invalid_scope"),
    ],
)
def test_a_wrong_authorization_request_is_told_to_the_client(
    cognito: Cognito, changes: dict[str, str | None], code: str
) -> None:
    answer = ask(cognito, "GET", f"/oauth2/authorize?{urlencode(authorize(**changes))}")
    assert (answer.status, answer.redirected["error"]) == (302, code)
    assert answer.redirected["state"] == "opaque & odd"


def test_what_a_person_typed_is_escaped_on_the_page(cognito: Cognito) -> None:
    hostile = '"><script>alert(1)</script>'
    answer = ask(cognito, "GET", f"/oauth2/authorize?{urlencode(authorize(state=hostile))}")
    assert "<script>" not in answer.body
