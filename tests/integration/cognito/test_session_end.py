"""Revocation, sign-out and logout: what ends, what lives on, what userInfo says after it."""

import pytest
from botocore.exceptions import ClientError

from .conftest import CALLBACK, SIGNED_OUT, Cognito
from .http_client import Answer, Browser, ask, authorize, basic, refresh, tokens_by_code
from .test_pools import sign_in


def revoke(cognito: Cognito, headers: dict[str, str] | None = None, **form: str) -> Answer:
    return ask(cognito, "POST", "/oauth2/revoke", form, headers)


def user_info(cognito: Cognito, access_token: str) -> Answer:
    headers = {"Authorization": f"Bearer {access_token}"}
    return ask(cognito, "GET", "/oauth2/userInfo", None, headers)


def test_a_revoked_refresh_token_ends_its_session_and_no_other(cognito: Cognito) -> None:
    mine, other = tokens_by_code(cognito), tokens_by_code(cognito)
    answer = revoke(cognito, token=mine["refresh_token"], client_id="web")
    assert (answer.status, answer.body) == (200, "")
    assert refresh(cognito, mine["refresh_token"]).json["error"] == "invalid_grant"
    assert user_info(cognito, mine["access_token"]).status == 401
    assert user_info(cognito, other["access_token"]).status == 200


def test_an_unknown_or_revoked_token_is_revoked_without_a_word(cognito: Cognito) -> None:
    refresh_token = tokens_by_code(cognito)["refresh_token"]
    for token in (refresh_token, refresh_token, "unknown"):
        assert revoke(cognito, token=token, client_id="web").status == 200


def test_a_successor_ends_with_the_token_that_it_came_from(cognito: Cognito) -> None:
    first = tokens_by_code(cognito)["refresh_token"]
    second = refresh(cognito, first).json["refresh_token"]
    revoke(cognito, token=first, client_id="web")
    assert refresh(cognito, second).status == 400


def test_only_refresh_tokens_can_be_revoked(cognito: Cognito) -> None:
    tokens = tokens_by_code(cognito)
    for name in ("access_token", "id_token"):
        answer = revoke(cognito, token=tokens[name], client_id="web")
        assert (answer.status, answer.json["error"]) == (400, "unsupported_token_type")
    assert user_info(cognito, tokens["access_token"]).status == 200


def test_another_clients_token_cannot_be_revoked(cognito: Cognito) -> None:
    refresh_token = tokens_by_code(cognito)["refresh_token"]
    answer = revoke(cognito, token=refresh_token, client_id="second-web")
    assert (answer.status, answer.json["error"]) == (400, "unauthorized_client")
    assert refresh(cognito, refresh_token).status == 200


def test_revocation_needs_a_token_and_the_clients_credentials(cognito: Cognito) -> None:
    assert revoke(cognito, client_id="web").json["error"] == "invalid_request"
    assert ask(cognito, "GET", "/oauth2/revoke").status == 405
    for headers, form in ((None, {"client_id": "machine"}), (basic("machine", "wrong"), {})):
        answer = revoke(cognito, headers, token="x", **form)
        assert (answer.status, answer.json["error"]) == (401, "invalid_client")


def test_the_api_revokes_a_refresh_token(cognito: Cognito) -> None:
    user = cognito.users["user"]
    tokens = sign_in(cognito, "cli", user.username, user.password)
    cognito.api.revoke_token(Token=tokens["RefreshToken"], ClientId="cli")
    with pytest.raises(ClientError, match="Access Token has been revoked"):
        cognito.api.get_user(AccessToken=tokens["AccessToken"])


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"ClientId": "confidential"}, "UnauthorizedException"),
        ({"ClientId": "confidential", "ClientSecret": "wrong" * 6}, "UnauthorizedException"),
        ({"ClientId": "nobody"}, "ResourceNotFoundException"),
    ],
)
def test_the_api_revokes_for_the_authenticated_client_only(
    cognito: Cognito, form: dict[str, str], error: str
) -> None:
    with pytest.raises(ClientError, match=error):
        cognito.api.revoke_token(Token="x", **form)


def test_the_api_refuses_to_revoke_what_is_not_the_clients_refresh_token(cognito: Cognito) -> None:
    user = cognito.users["user"]
    tokens = sign_in(cognito, "cli", user.username, user.password)
    with pytest.raises(ClientError, match="UnsupportedTokenTypeException"):
        cognito.api.revoke_token(Token=tokens["AccessToken"], ClientId="cli")
    with pytest.raises(ClientError, match="UnauthorizedException"):
        cognito.api.revoke_token(Token=tokens["RefreshToken"], ClientId="plain")


def test_a_global_sign_out_ends_all_sessions_of_the_person_and_nobody_elses(
    cognito: Cognito,
) -> None:
    support, user = cognito.users["support"], cognito.users["user"]
    mine = [sign_in(cognito, "cli", support.username, support.password) for _ in range(2)]
    theirs = sign_in(cognito, "cli", user.username, user.password)
    cognito.api.global_sign_out(AccessToken=mine[0]["AccessToken"])
    for tokens in mine:
        with pytest.raises(ClientError, match="Access Token has been revoked"):
            cognito.api.get_user(AccessToken=tokens["AccessToken"])
        assert refresh(cognito, tokens["RefreshToken"], "cli").status == 400
    assert refresh(cognito, theirs["RefreshToken"], "cli").status == 200
    with pytest.raises(ClientError, match="Access Token has been revoked"):
        cognito.api.global_sign_out(AccessToken=mine[0]["AccessToken"])


def test_a_global_sign_out_needs_the_scope_of_cognitos_own_api(cognito: Cognito) -> None:
    access_token = tokens_by_code(cognito)["access_token"]
    with pytest.raises(ClientError, match="required scopes"):
        cognito.api.global_sign_out(AccessToken=access_token)
    scoped = tokens_by_code(cognito, scope="aws.cognito.signin.user.admin")
    assert "id_token" not in scoped
    cognito.api.global_sign_out(AccessToken=scoped["access_token"])


def test_an_administrator_signs_a_person_out(cognito: Cognito) -> None:
    tokens = tokens_by_code(cognito, "support", scope="openid")
    admin = {"UserPoolId": cognito.pool.id, "Username": cognito.users["support"].username}
    cognito.api.admin_user_global_sign_out(**admin)
    assert refresh(cognito, tokens["refresh_token"]).status == 400
    with pytest.raises(ClientError, match="UserNotFoundException"):
        cognito.api.admin_user_global_sign_out(**{**admin, "Username": "nobody@example.com"})
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        cognito.api.admin_user_global_sign_out(**{**admin, "UserPoolId": "eu-west-1_nosuch999"})


def test_a_global_sign_out_leaves_the_browsers_session(cognito: Cognito) -> None:
    browser = Browser(cognito)
    support = cognito.users["support"]
    browser.sign_in(authorize(), support.username, support.password)
    cognito.api.admin_user_global_sign_out(UserPoolId=cognito.pool.id, Username=support.username)
    assert "code" in browser.get("/oauth2/authorize", authorize()).redirected


def test_logout_ends_the_browsers_session_and_goes_to_a_registered_url(cognito: Cognito) -> None:
    browser = Browser(cognito)
    browser.sign_in(authorize())
    stolen = dict(browser.cookies)
    query = {"client_id": "web", "logout_uri": SIGNED_OUT, "state": "kept"}
    back = browser.get("/logout", query)
    assert (back.status, back.headers["location"]) == (302, f"{SIGNED_OUT}?state=kept")
    assert "cognito" not in browser.cookies
    again = Browser(cognito, stolen).get("/oauth2/authorize", authorize(prompt="none"))
    assert again.redirected["error"] == "login_required"


def test_logout_with_a_callback_url_leads_back_to_the_page(cognito: Cognito) -> None:
    browser = Browser(cognito)
    browser.sign_in(authorize())
    back = browser.get("/logout", authorize())
    assert back.headers["location"].startswith("/login?")
    assert back.redirected == authorize()
    assert browser.get("/login", back.redirected).status == 200
    assert "cognito" not in browser.cookies


@pytest.mark.parametrize(
    "query",
    [
        {"logout_uri": SIGNED_OUT},
        {"client_id": "nobody", "logout_uri": SIGNED_OUT},
        {"client_id": "web"},
        {"client_id": "web", "logout_uri": SIGNED_OUT + "x"},
        {"client_id": "web", "logout_uri": SIGNED_OUT.removesuffix("/")},
        {"client_id": "web", "logout_uri": CALLBACK},
        {"client_id": "web", "logout_uri": "https://evil.example/"},
        {"client_id": "web", "redirect_uri": "https://evil.example/"},
        {"client_id": "second-web", "logout_uri": SIGNED_OUT},
    ],
)
def test_logout_goes_nowhere_that_is_not_registered_for_it(
    cognito: Cognito, query: dict[str, str]
) -> None:
    browser = Browser(cognito)
    browser.sign_in(authorize())
    answer = browser.get("/logout", query)
    assert (answer.status, "location" in answer.headers) == (400, False)
    assert "cognito" in browser.cookies


def test_logout_leaves_refresh_tokens_alone(cognito: Cognito) -> None:
    refresh_token = tokens_by_code(cognito)["refresh_token"]
    Browser(cognito).get("/logout", {"client_id": "web", "logout_uri": SIGNED_OUT})
    assert refresh(cognito, refresh_token).status == 200


def test_user_info_refuses_a_token_without_openid(cognito: Cognito) -> None:
    user = cognito.users["user"]
    by_api = sign_in(cognito, "cli", user.username, user.password)["AccessToken"]
    for token in (by_api, tokens_by_code(cognito, scope="orders/read")["access_token"]):
        answer = user_info(cognito, token)
        assert (answer.status, answer.json["error"]) == (401, "invalid_token")
        assert "openid" in answer.headers["www-authenticate"]


def test_user_info_refuses_an_expired_token(clocked: Cognito) -> None:
    tokens = tokens_by_code(clocked)
    clocked.clock.advance(599)
    assert user_info(clocked, tokens["access_token"]).status == 200
    clocked.clock.advance(1)
    answer = user_info(clocked, tokens["access_token"])
    assert (answer.status, answer.json["error"]) == (401, "invalid_token")
    with pytest.raises(ClientError, match="Access Token has expired"):
        clocked.api.get_user(AccessToken=tokens["access_token"])


def test_user_info_refuses_an_id_token_and_a_machines_token(cognito: Cognito) -> None:
    machine = ask(
        cognito,
        "POST",
        "/oauth2/token",
        {"grant_type": "client_credentials"},
        basic("machine", cognito.machine_secret),
    )
    for token in (tokens_by_code(cognito)["id_token"], machine.json["access_token"], "x.y.z"):
        assert user_info(cognito, token).status == 401


@pytest.mark.parametrize("header", [{}, {"Authorization": "Basic x"}, {"Authorization": "Bearer"}])
def test_user_info_without_a_bearer_token_is_a_bad_request(
    cognito: Cognito, header: dict[str, str]
) -> None:
    answer = ask(cognito, "GET", "/oauth2/userInfo", None, header)
    assert (answer.status, answer.json["error"]) == (400, "invalid_request")
    assert 'error="invalid_request"' in answer.headers["www-authenticate"]
