"""People whom a real OIDC provider signs in: what they become in the pool, and what they may."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ClientError

from .conftest import CALLBACK, Cognito
from .federated import (
    FederatedBrowser,
    corp,
    federated_pool,
    id_claims,
    serve_federated,
    tokens_of,
    triggered,
)
from .http_client import Browser, ask, authorize, claims, found, redeem, refresh
from .real_provider import WITHOUT_ITS_WARNINGS, RealProvider, serve_real_provider
from .test_session_end import user_info
from .trigger import Function

pytestmark = WITHOUT_ITS_WARNINGS
EMAIL_SCOPES = "openid email profile"


@pytest.fixture(scope="module")
def provider() -> Iterator[RealProvider]:
    with serve_real_provider() as real:
        real.knows("ada", email="ada@corp.example", email_verified=True, name="Ada")
        yield real


@pytest.fixture(scope="module")
def cognito(provider: RealProvider) -> Iterator[Cognito]:
    with serve_federated(federated_pool(corp(provider.url))) as cognito:
        yield cognito


def test_a_person_comes_back_signed_in_with_mapped_attributes(
    cognito: Cognito, provider: RealProvider
) -> None:
    back = FederatedBrowser(cognito).sign_in_at(provider, "ada", scope=EMAIL_SCOPES)
    assert back.headers["location"].startswith(f"{CALLBACK}?code=")
    assert back.redirected["state"] == "opaque & odd"
    person = id_claims(cognito, back)
    assert person["cognito:username"] == "corp_ada"
    assert (person["email"], person["email_verified"], person["name"]) == (
        "ada@corp.example",
        True,
        "Ada",
    )
    assert person["iss"] == cognito.pool.issuer
    assert person["aud"] == "web"


def test_a_person_is_of_an_external_provider_and_in_its_group(
    cognito: Cognito, provider: RealProvider
) -> None:
    tokens = tokens_of(cognito, FederatedBrowser(cognito).sign_in_at(provider, "ada"))
    group = f"{cognito.pool.id}_Corp"
    assert claims(tokens["access_token"])["cognito:groups"] == [group]
    person = claims(tokens["id_token"])
    assert person["cognito:groups"] == [group]
    (identity,) = person["identities"]
    assert identity.pop("dateCreated").isdecimal()
    assert identity == {
        "userId": "ada",
        "providerName": "Corp",
        "providerType": "OIDC",
        "issuer": None,
        "primary": "true",
    }
    user = cognito.api.admin_get_user(UserPoolId=cognito.pool.id, Username="corp_ada")
    assert user["UserStatus"] == "EXTERNAL_PROVIDER"
    listed = cognito.api.list_users_in_group(UserPoolId=cognito.pool.id, GroupName=group)
    assert "corp_ada" in [user["Username"] for user in listed["Users"]]


def test_the_provider_is_asked_as_openid_connect_says(
    cognito: Cognito, provider: RealProvider
) -> None:
    away = FederatedBrowser(cognito).leave(prompt="login", login_hint="ada@corp.example")
    parts = urlsplit(away.headers["location"])
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{provider.url}/oauth2/authorize"
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    state, nonce = query.pop("state"), query.pop("nonce")
    assert len({state, nonce, "opaque & odd"}) == 3
    assert query == {
        "response_type": "code",
        "client_id": "our-client",
        "redirect_uri": f"{cognito.server.url}/oauth2/idpresponse",
        "scope": "openid email profile",
        "prompt": "login",
        "login_hint": "ada@corp.example",
    }
    (cookie,) = away.set_cookies
    assert {"HttpOnly", "Max-Age=300", "SameSite=Lax", "Path=/oauth2"} <= set(cookie.split("; "))


def test_a_second_sign_in_updates_the_attributes_of_the_same_person(
    cognito: Cognito, provider: RealProvider
) -> None:
    provider.knows("eve", email="eve@corp.example", email_verified=True, name="Eve")
    browser = FederatedBrowser(cognito)
    first = id_claims(cognito, browser.sign_in_at(provider, "eve", scope=EMAIL_SCOPES))
    provider.knows("eve", email="eve@new.example", name=None)
    second = id_claims(cognito, browser.sign_in_at(provider, "eve", scope=EMAIL_SCOPES))
    assert second["sub"] == first["sub"]
    assert second["identities"] == first["identities"]
    # A claim that is gone changes nothing; a new address is not the verified one.
    assert (second["email"], second["email_verified"], second["name"]) == (
        "eve@new.example",
        False,
        "Eve",
    )


def test_two_browsers_sign_two_people_in_at_once(cognito: Cognito, provider: RealProvider) -> None:
    provider.knows("bob", email="bob@corp.example")
    first, second = FederatedBrowser(cognito), FederatedBrowser(cognito)
    ada = provider.sign_in(first.leave(state="1").headers["location"], "ada")
    bob = provider.sign_in(second.leave(state="2").headers["location"], "bob")
    bob_back, ada_back = second.come_back(bob), first.come_back(ada)
    assert (ada_back.redirected["state"], bob_back.redirected["state"]) == ("1", "2")
    assert id_claims(cognito, ada_back)["cognito:username"] == "corp_ada"
    assert id_claims(cognito, bob_back)["cognito:username"] == "corp_bob"


def test_a_refresh_and_a_sign_out_of_a_federated_person_work(
    cognito: Cognito, provider: RealProvider
) -> None:
    browser = FederatedBrowser(cognito)
    scope = "openid aws.cognito.signin.user.admin"
    first = tokens_of(cognito, browser.sign_in_at(provider, "ada", scope=scope))
    second = refresh(cognito, first["refresh_token"]).json
    assert claims(second["id_token"])["identities"] == claims(first["id_token"])["identities"]
    user = cognito.api.get_user(AccessToken=second["access_token"])
    assert "identities" in [attribute["Name"] for attribute in user["UserAttributes"]]
    assert user_info(cognito, second["access_token"]).json["username"] == "corp_ada"
    cognito.api.global_sign_out(AccessToken=second["access_token"])
    assert refresh(cognito, second["refresh_token"]).json["error"] == "invalid_grant"
    logout = {"client_id": "web", "logout_uri": "http://localhost:5173/"}
    assert browser.get("/logout", logout).status == 302
    back = browser.get("/oauth2/authorize", authorize())
    assert urlsplit(back.headers["location"]).path == "/login"


def test_the_browsers_session_signs_a_federated_person_in_where_the_provider_may(
    cognito: Cognito, provider: RealProvider
) -> None:
    browser = FederatedBrowser(cognito)
    browser.sign_in_at(provider, "ada")
    again = browser.get("/oauth2/authorize", authorize())
    assert id_claims(cognito, again)["cognito:username"] == "corp_ada"
    quiet = browser.leave(prompt="none")
    assert id_claims(cognito, quiet)["cognito:username"] == "corp_ada"
    for changes in (
        {"identity_provider": "COGNITO"},
        {
            "client_id": "second-web",
            "redirect_uri": "http://localhost:5174/",
            "scope": "openid",
        },
    ):
        back = browser.get("/oauth2/authorize", authorize(**changes))
        assert urlsplit(back.headers["location"]).path == "/login"


def test_whoever_signed_in_by_password_is_not_passed_off_as_the_providers(
    cognito: Cognito,
) -> None:
    browser = FederatedBrowser(cognito)
    assert "code" in browser.sign_in(authorize()).redirected
    assert browser.leave(prompt="none").redirected["error"] == "login_required"


def test_a_disabled_federated_person_gets_nothing(cognito: Cognito, provider: RealProvider) -> None:
    provider.knows("mallory", email="mallory@corp.example")
    browser = FederatedBrowser(cognito)
    tokens = tokens_of(cognito, browser.sign_in_at(provider, "mallory"))
    waiting = browser.get("/oauth2/authorize", authorize()).redirected["code"]
    cognito.api.admin_disable_user(UserPoolId=cognito.pool.id, Username="corp_mallory")
    provider.knows("mallory", email="new@corp.example")
    back = browser.sign_in_at(provider, "mallory")
    assert back.redirected == {
        "error": "access_denied",
        "error_description": "User is disabled.",
        "state": "opaque & odd",
    }
    assert not [cookie for cookie in back.set_cookies if cookie.startswith("cognito=")]
    assert redeem(cognito, waiting).json["error"] == "invalid_grant"
    assert refresh(cognito, tokens["refresh_token"]).json["error"] == "invalid_grant"
    user = cognito.api.admin_get_user(UserPoolId=cognito.pool.id, Username="corp_mallory")
    emails = [item["Value"] for item in user["UserAttributes"] if item["Name"] == "email"]
    assert emails == ["mallory@corp.example"]


def test_a_federated_person_cannot_sign_in_by_password(
    cognito: Cognito, provider: RealProvider
) -> None:
    FederatedBrowser(cognito).sign_in_at(provider, "ada")
    for username in ("corp_ada", "ada@corp.example"):
        for password in ("None", "corp_ada"):
            page = Browser(cognito).sign_in(authorize(), username, password)
            assert page.status == 401
            assert "Incorrect username or password." in page.body


def test_a_refusal_without_the_state_is_told_to_the_person(
    cognito: Cognito, provider: RealProvider
) -> None:
    # This provider leaves out what RFC 6749 section 4.1.2.1 asks for.
    browser = FederatedBrowser(cognito)
    location = provider.deny(browser.leave().headers["location"])
    assert "state=" not in location
    back = browser.come_back(location)
    assert (back.status, "location" in back.headers) == (400, False)
    assert "This sign-in is not pending" in back.body


def test_a_person_without_a_required_attribute_is_refused_in_cognitos_words(
    cognito: Cognito, provider: RealProvider
) -> None:
    provider.knows("nobody", name="Nobody")
    back = FederatedBrowser(cognito).sign_in_at(provider, "nobody")
    assert back.redirected["error"] == "invalid_request"
    assert back.redirected["error_description"] == "attributes required: [email]"
    with pytest.raises(ClientError, match="UserNotFoundException"):
        cognito.api.admin_get_user(UserPoolId=cognito.pool.id, Username="corp_nobody")


def test_the_trigger_has_its_say_on_a_federated_sign_in(provider: RealProvider) -> None:
    function = Function()
    function.details = {"idTokenGeneration": {"claimsToAddOrOverride": {"tenant": "acme"}}}
    pool = triggered(federated_pool(corp(provider.url)))
    with serve_federated(pool, invoke=function) as cognito:
        back = FederatedBrowser(cognito).sign_in_at(provider, "ada")
        assert id_claims(cognito, back)["tenant"] == "acme"
    (event,) = function.events
    assert event["triggerSource"] == "TokenGeneration_HostedAuth"
    assert event["userName"] == "corp_ada"
    attributes = event["request"]["userAttributes"]
    assert attributes["cognito:user_status"] == "EXTERNAL_PROVIDER"
    assert '"userId": "ada"' in attributes["identities"]


def test_the_page_links_to_each_provider_and_the_link_leads_there(
    cognito: Cognito, provider: RealProvider
) -> None:
    browser = FederatedBrowser(cognito)
    page = browser.get("/login", authorize())
    assert '<nav aria-label="Identity providers">' in page.body
    link = found(r'<a href="([^"]+)">Continue with Corp</a>', page).replace("&amp;", "&")
    away = browser.come_back(cognito.server.url + link)
    back = browser.come_back(provider.sign_in(away.headers["location"], "ada"))
    assert back.redirected["state"] == "opaque & odd"
    assert id_claims(cognito, back)["cognito:username"] == "corp_ada"
    second = {"client_id": "second-web", "redirect_uri": "http://localhost:5174/"}
    assert "Continue with" not in browser.get("/login", authorize(scope="openid", **second)).body


def test_an_app_of_the_provider_alone_takes_no_password(cognito: Cognito) -> None:
    asked = authorize(client_id="only-corp", scope="openid")
    page = Browser(cognito).get("/login", asked)
    assert "Continue with Corp" in page.body
    assert "password" not in page.body
    browser = Browser(cognito)
    csrf = found(r'name="_csrf" value="([^"]+)"', browser.get("/login", authorize()))
    admin = cognito.users["admin"]
    form = {"username": admin.username, "password": admin.password, "_csrf": csrf}
    target = found(r'href="(/oauth2/authorize[^"]+)"', page).replace("&amp;", "&")
    answer = browser.post(target.replace("/oauth2/authorize", "/login"), form)
    assert answer.status == 403
    assert "This app signs nobody in by password." in answer.body


def test_the_provider_response_takes_get_only(cognito: Cognito) -> None:
    assert ask(cognito, "POST", "/oauth2/idpresponse", {"state": "x"}).status == 405
