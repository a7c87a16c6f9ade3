"""The pools of a template in moto: keys, lifetimes, groups, and flows that Cognito refuses."""

import json
import urllib.error
import urllib.request
from dataclasses import replace
from typing import Any

import jwt
import pytest
from botocore.exceptions import ClientError

from local.cognito.wsgi_app import CognitoApp
from local.errors import LocalError

from .conftest import POOL, REGION, UPDATED_POOL, Cognito, pool_config
from .http_client import ask


def get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=5) as response:
        return json.load(response)


def sign_in(cognito: Cognito, client_id: str, username: str, password: str) -> Any:
    return cognito.api.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": password},
    )["AuthenticationResult"]


def verified(cognito: Cognito, token: str, pool_id: str = POOL.id, **options: Any) -> Any:
    keys = jwt.PyJWKSet.from_dict(get(f"{cognito.server.url}/{pool_id}/.well-known/jwks.json"))
    kid = jwt.get_unverified_header(token)["kid"]
    return jwt.decode(token, keys[kid], algorithms=["RS256"], **options)


def test_the_private_key_that_moto_publishes_is_in_no_pool(cognito: Cognito) -> None:
    assert cognito.pool.json_web_key is None


def test_a_password_sign_in_gives_tokens_that_the_published_keys_verify(cognito: Cognito) -> None:
    admin = cognito.users["admin"]
    tokens = sign_in(cognito, "cli", admin.username, admin.password)
    access = verified(cognito, tokens["AccessToken"])
    assert access["iss"] == f"https://cognito-idp.{REGION}.amazonaws.com/{POOL.id}"
    assert (access["token_use"], access["client_id"]) == ("access", "cli")
    assert access["scope"] == "aws.cognito.signin.user.admin"
    identity = verified(cognito, tokens["IdToken"], audience="cli")
    assert (identity["token_use"], identity["email"]) == ("id", admin.username)
    assert access["origin_jti"] == identity["origin_jti"]
    assert access["event_id"] == identity["event_id"]
    assert "version" not in access


def test_tokens_live_as_long_as_the_app_client_says(cognito: Cognito) -> None:
    user = cognito.users["user"]
    tokens = sign_in(cognito, "cli", user.username, user.password)
    access = verified(cognito, tokens["AccessToken"])
    identity = verified(cognito, tokens["IdToken"], audience="cli")
    assert access["exp"] - access["iat"] == tokens["ExpiresIn"] == 600
    assert identity["exp"] - identity["iat"] == 300


def test_groups_stand_in_order_of_precedence(cognito: Cognito) -> None:
    admin = cognito.users["admin"]
    tokens = sign_in(cognito, "cli", admin.username, admin.password)
    assert verified(cognito, tokens["AccessToken"])["cognito:groups"] == ["admins", "support"]


def test_a_user_without_groups_has_no_groups_claim(cognito: Cognito) -> None:
    user = cognito.users["user"]
    tokens = sign_in(cognito, "cli", user.username, user.password)
    assert "cognito:groups" not in verified(cognito, tokens["AccessToken"])


def test_each_pool_has_two_keys_of_its_own(cognito: Cognito) -> None:
    kids = [
        key["kid"]
        for pool in (POOL, UPDATED_POOL)
        for key in get(f"{cognito.server.url}/{pool.id}/.well-known/jwks.json")["keys"]
    ]
    assert len(set(kids)) == 4
    assert all(len(kid) == 44 for kid in kids)


def test_the_key_documents_hold_no_private_part(cognito: Cognito) -> None:
    for key in get(f"{cognito.server.url}/{POOL.id}/.well-known/jwks.json")["keys"]:
        assert set(key) == {"kty", "kid", "use", "alg", "n", "e"}


def test_discovery_names_the_deployed_issuer_and_the_local_keys(cognito: Cognito) -> None:
    document = get(f"{cognito.server.url}/{POOL.id}/.well-known/openid-configuration")
    assert document["issuer"] == POOL.issuer
    assert document["jwks_uri"] == f"{cognito.server.url}/{POOL.id}/.well-known/jwks.json"


def test_discovery_lists_the_endpoints_that_are_served(cognito: Cognito) -> None:
    document = get(f"{cognito.server.url}/{POOL.id}/.well-known/openid-configuration")
    endpoints = {name: url for name, url in document.items() if name.endswith("_endpoint")}
    assert set(endpoints) == {
        "authorization_endpoint",
        "end_session_endpoint",
        "revocation_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
    }
    for url in endpoints.values():
        path = url.removeprefix(cognito.server.url)
        assert ask(cognito, "OPTIONS", path).status in {204, 405}


def test_a_pool_under_the_updated_issuer_form_signs_with_it(cognito: Cognito) -> None:
    users = cognito.server.pool(UPDATED_POOL.id).users.values()
    user = next(user for user in users if not user.groups)
    assert user.password
    email = next(item["Value"] for item in user.attributes if item["Name"] == "email")
    tokens = sign_in(cognito, "updated-cli", email, user.password)
    claims = verified(cognito, tokens["AccessToken"], UPDATED_POOL.id)
    assert claims["iss"] == f"https://issuer-cognito-idp.{REGION}.amazonaws.com/{UPDATED_POOL.id}"


@pytest.mark.parametrize("document", ["jwks.json", "openid-configuration", "other.json"])
def test_an_unknown_pool_or_document_is_404(cognito: Cognito, document: str) -> None:
    pool_id = POOL.id if document == "other.json" else f"{REGION}_nosuch999"
    with pytest.raises(urllib.error.HTTPError) as raised:
        get(f"{cognito.server.url}/{pool_id}/.well-known/{document}")
    assert raised.value.code == 404
    raised.value.close()


def test_no_other_service_of_moto_answers(cognito: Cognito) -> None:
    with pytest.raises(urllib.error.HTTPError) as raised:
        get(f"{cognito.server.url}/a-bucket/an-object")
    assert raised.value.code == 404
    raised.value.close()


def test_a_wrong_password_is_refused(cognito: Cognito) -> None:
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        sign_in(cognito, "cli", cognito.users["user"].username, "wrong")


def test_an_unknown_user_is_told_like_a_wrong_password(cognito: Cognito) -> None:
    with pytest.raises(ClientError, match="NotAuthorized.*Incorrect username or password"):
        sign_in(cognito, "cli", "nobody@example.com", "wrong")


def test_a_client_may_choose_to_tell_unknown_users(cognito: Cognito) -> None:
    with pytest.raises(ClientError, match="UserNotFoundException"):
        sign_in(cognito, "telling", "nobody@example.com", "wrong")


def test_a_user_can_read_their_own_profile(cognito: Cognito) -> None:
    user = cognito.users["user"]
    tokens = sign_in(cognito, "cli", user.username, user.password)
    profile = cognito.api.get_user(AccessToken=tokens["AccessToken"])
    assert {"Name": "email", "Value": user.username} in profile["UserAttributes"]


def test_an_app_client_made_by_the_api_signs_with_the_pools_key(cognito: Cognito) -> None:
    client = cognito.api.create_user_pool_client(
        UserPoolId=POOL.id, ClientName="other", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    user = cognito.users["user"]
    claims = verified(
        cognito, sign_in(cognito, client, user.username, user.password)["AccessToken"]
    )
    assert (claims["client_id"], claims["exp"] - claims["iat"]) == (client, 3600)


def test_pools_of_two_regions_are_refused(cognito: Cognito) -> None:
    assert cognito.server.region == REGION
    elsewhere = replace(pool_config("us-east-1_abc123xyz"), region="us-east-1")

    with pytest.raises(LocalError, match="one region"):
        CognitoApp([POOL, elsewhere], cognito.server.url)
