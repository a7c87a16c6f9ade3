"""`/oauth2/token`: who gets a token, who gets which error of RFC 6749."""

import pytest

from .conftest import Cognito
from .http_client import Browser, ask, authorize, basic, claims, redeem, token


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
    assert set(answer.json) == {"access_token", "token_type", "expires_in"}


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
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "unauthorized_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code", "code": "x"}, "unauthorized_client"),
        ({"grant_type": "client_credentials", "client_id": "web"}, "invalid_request"),
        ({"grant_type": "client_credentials", "aws_client_metadata": "{"}, "invalid_request"),
        ({"grant_type": "client_credentials", "aws_client_metadata": "[1]"}, "invalid_request"),
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


def test_a_public_client_that_sends_a_secret_is_refused(cognito: Cognito) -> None:
    answer = token(
        cognito, grant_type="authorization_code", client_id="web", client_secret="", code="x"
    )
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
    assert ask(cognito, "GET", "/oauth2/token").status == 405
    as_json = {"Content-Type": "application/json"}
    answer = ask(cognito, "POST", "/oauth2/token", {"a": "b"}, as_json)
    assert (answer.status, answer.json["error"]) == (400, "invalid_request")


def test_a_person_signs_in_by_code_and_pkce(cognito: Cognito) -> None:
    back = Browser(cognito).sign_in(authorize(nonce="n-1"))
    answer = redeem(cognito, back.redirected["code"])
    assert answer.status == 200
    access = claims(answer.json["access_token"])
    assert (access["scope"], access["client_id"]) == ("openid orders/read", "web")
    assert (access["version"], access["token_use"]) == (2, "access")
    assert access["cognito:groups"] == ["admins", "support"]
    identity = claims(answer.json["id_token"])
    assert (identity["aud"], identity["nonce"]) == ("web", "n-1")
    assert identity["origin_jti"] == access["origin_jti"]
    assert len(identity["at_hash"]) == 22


def test_without_openid_there_is_no_id_token(cognito: Cognito) -> None:
    back = Browser(cognito).sign_in(authorize(scope="orders/read"))
    assert "id_token" not in redeem(cognito, back.redirected["code"]).json


def test_a_request_without_scopes_gets_all_of_the_clients(cognito: Cognito) -> None:
    back = Browser(cognito).sign_in(authorize(scope=None))
    access = claims(redeem(cognito, back.redirected["code"]).json["access_token"])
    assert access["scope"].split() == [
        "openid",
        "email",
        "profile",
        "aws.cognito.signin.user.admin",
        "orders/read",
        "orders/write",
    ]


def test_a_code_is_good_once(cognito: Cognito) -> None:
    code = Browser(cognito).sign_in(authorize()).redirected["code"]
    assert redeem(cognito, code).status == 200
    again = redeem(cognito, code)
    assert (again.status, again.json["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "another-verifier-of-enough-length-0123456789abcdef"},
        {"code_verifier": ""},
        {"redirect_uri": "http://localhost:5173/other?kept=1&empty="},
        {"client_id": "second-web"},
        {"code": "no-such-code"},
    ],
)
def test_a_code_is_bound_to_client_verifier_and_redirect_uri(
    cognito: Cognito, changes: dict[str, str]
) -> None:
    code = Browser(cognito).sign_in(authorize()).redirected["code"]
    form = {"code": code, **changes}
    answer = redeem(cognito, form.pop("code"), **form)
    assert (answer.status, answer.json["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize("missing", ["code", "redirect_uri"])
def test_code_and_redirect_uri_are_both_needed(cognito: Cognito, missing: str) -> None:
    form = {"code": "x", "redirect_uri": "y", "grant_type": "authorization_code"}
    del form[missing]
    answer = token(cognito, client_id="web", **form)
    assert (answer.status, answer.json["error"]) == (400, "invalid_request")


def test_a_code_expires_after_five_minutes(clocked: Cognito) -> None:
    browser = Browser(clocked)
    code = browser.sign_in(authorize()).redirected["code"]
    clocked.clock.advance(300)
    assert redeem(clocked, code).json["error"] == "invalid_grant"


def test_a_code_of_a_person_who_was_disabled_meanwhile_is_refused(clocked: Cognito) -> None:
    code = Browser(clocked).sign_in(authorize()).redirected["code"]
    clocked.api.admin_disable_user(
        UserPoolId=clocked.pool.id, Username=clocked.users["admin"].username
    )
    assert redeem(clocked, code).json["error"] == "invalid_grant"
