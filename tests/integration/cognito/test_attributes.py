"""Attributes, custom ones too: what reaches tokens and userInfo, by scope and by app client."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import Cognito
from .http_client import Browser, authorize, claims, redeem, tokens_by_code
from .test_pools import sign_in
from .test_session_end import user_info

NAMES = {
    "email",
    "email_verified",
    "given_name",
    "phone_number",
    "phone_number_verified",
    "custom:tenant",
}


@pytest.fixture
def person(cognito: Cognito) -> Cognito:
    cognito.api.admin_update_user_attributes(
        UserPoolId=cognito.pool.id,
        Username=cognito.users["user"].username,
        UserAttributes=[
            {"Name": "custom:tenant", "Value": "t-1"},
            {"Name": "given_name", "Value": "Ada"},
            {"Name": "phone_number", "Value": "+15550100"},
            {"Name": "phone_number_verified", "Value": "false"},
        ],
    )
    return cognito


def attributes(found: dict[str, Any]) -> set[str]:
    return set(found) & NAMES


def test_the_id_token_of_the_api_holds_all_attributes_custom_ones_too(person: Cognito) -> None:
    user = person.users["user"]
    tokens = sign_in(person, "cli", user.username, user.password)
    found = claims(tokens["IdToken"])
    assert attributes(found) == NAMES
    assert (found["custom:tenant"], found["given_name"]) == ("t-1", "Ada")
    assert (found["email_verified"], found["phone_number_verified"]) == (True, False)
    assert attributes(claims(tokens["AccessToken"])) == set()


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("openid", NAMES),
        ("openid orders/read", NAMES),
        ("openid email", {"email", "email_verified"}),
        ("openid profile", {"given_name", "custom:tenant"}),
        ("openid email profile", {"email", "email_verified", "given_name", "custom:tenant"}),
    ],
)
def test_scopes_say_which_attributes_an_app_sees(
    person: Cognito, scope: str, expected: set[str]
) -> None:
    tokens = tokens_by_code(person, "user", scope=scope)
    assert attributes(claims(tokens["id_token"])) == expected
    told = user_info(person, tokens["access_token"]).json
    assert attributes(told) == expected
    assert told["sub"] == claims(tokens["id_token"])["sub"]


def test_user_info_speaks_in_strings(person: Cognito) -> None:
    told = user_info(person, tokens_by_code(person, "user", scope="openid")["access_token"]).json
    assert told["email_verified"] == "true"
    assert told["username"] == told["sub"]


def test_an_app_client_sees_only_what_it_may_read(person: Cognito) -> None:
    user = person.users["user"]
    redirect_uri = "http://localhost:5174/"
    asked = authorize(client_id="second-web", redirect_uri=redirect_uri, scope="openid")
    code = Browser(person).sign_in(asked, user.username, user.password).redirected["code"]
    tokens = redeem(person, code, client_id="second-web", redirect_uri=redirect_uri).json
    assert attributes(claims(tokens["id_token"])) == {"email", "custom:tenant"}
    assert attributes(user_info(person, tokens["access_token"]).json) == {"email", "custom:tenant"}


def test_an_attribute_that_the_pool_does_not_have_is_refused(cognito: Cognito) -> None:
    unknown: list[Any] = [{"Name": "custom:other", "Value": "x"}]
    with pytest.raises(ClientError, match="does not exist in the schema"):
        cognito.api.admin_create_user(
            UserPoolId=cognito.pool.id, Username="x@example.com", UserAttributes=unknown
        )
    with pytest.raises(ClientError, match="does not exist in the schema"):
        cognito.api.admin_update_user_attributes(
            UserPoolId=cognito.pool.id,
            Username=cognito.users["user"].username,
            UserAttributes=unknown,
        )


def test_roles_of_groups_stand_in_the_id_token(cognito: Cognito) -> None:
    tokens = tokens_by_code(cognito)
    role = "arn:aws:iam::111122223333:role/admins"
    identity = claims(tokens["id_token"])
    assert (identity["cognito:roles"], identity["cognito:preferred_role"]) == ([role], role)
    assert "cognito:roles" not in claims(tokens["access_token"])
