"""Cognito's own API: flows, secrets, challenges, and who may call what."""

import base64
import hashlib
import hmac
import http.client
import json
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.json_value import JsonObject

from .conftest import (
    PASSWORD,
    POOL,
    REGION,
    UPDATED_POOL,
    Cognito,
    client_config,
    pool_config,
    serve,
)
from .http_client import ask, claims, refresh
from .test_new_password import CHOSEN, TEMPORARY, invite
from .test_pools import sign_in


def secret_hash(cognito: Cognito, username: str, client_id: str = "confidential") -> str:
    key, message = cognito.secret(client_id).encode(), (username + client_id).encode()
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


def test_a_wrong_password_and_an_unknown_user_get_the_same_answer(cognito: Cognito) -> None:
    answers = []
    for username in (cognito.users["user"].username, "nobody@example.com"):
        with pytest.raises(ClientError) as raised:
            sign_in(cognito, "cli", username, "wrong")
        answers.append((raised.value.response["Error"], len(raised.value.args)))
    assert answers[0] == answers[1]
    assert answers[0][0]["Message"] == "Incorrect username or password."


def test_nothing_is_said_of_an_account_before_its_password_is_right(cognito: Cognito) -> None:
    invite(cognito, "disabled@example.com")
    cognito.api.admin_disable_user(UserPoolId=POOL.id, Username="disabled@example.com")
    with pytest.raises(ClientError, match="Incorrect username or password"):
        sign_in(cognito, "cli", "disabled@example.com", "wrong")
    with pytest.raises(ClientError, match="User is disabled"):
        sign_in(cognito, "cli", "disabled@example.com", TEMPORARY)


def test_a_user_whose_password_was_reset_cannot_sign_in(cognito: Cognito) -> None:
    username = "reset@example.com"
    cognito.api.admin_create_user(
        UserPoolId=POOL.id,
        Username=username,
        UserAttributes=[{"Name": "email_verified", "Value": "true"}],
    )
    cognito.api.admin_set_user_password(
        UserPoolId=POOL.id, Username=username, Password=CHOSEN, Permanent=True
    )
    cognito.api.admin_reset_user_password(UserPoolId=POOL.id, Username=username)
    with pytest.raises(ClientError, match="PasswordResetRequiredException"):
        sign_in(cognito, "cli", username, CHOSEN)


def test_a_user_without_a_known_password_cannot_sign_in(cognito: Cognito) -> None:
    cognito.api.admin_create_user(UserPoolId=POOL.id, Username="invited@example.com")
    for password in ("", "None", "null"):
        with pytest.raises(ClientError):
            sign_in(cognito, "cli", "invited@example.com", password)


def test_case_does_not_matter_where_the_pool_says_so(cognito: Cognito) -> None:
    user = cognito.users["user"]
    tokens = sign_in(cognito, "cli", user.username.upper(), user.password)
    assert claims(tokens["IdToken"])["email"] == user.username
    with pytest.raises(ClientError, match="UsernameExistsException"):
        invite(cognito, user.username.title())


def test_case_matters_in_a_case_sensitive_pool(cognito: Cognito) -> None:
    person = cognito.server.pool(UPDATED_POOL.id).user("user@example.com")
    assert person is not None
    assert sign_in(cognito, "updated-cli", "user@example.com", str(person.password))
    with pytest.raises(ClientError, match="Incorrect username or password"):
        sign_in(cognito, "updated-cli", "User@example.com", str(person.password))


def test_a_flow_that_the_client_does_not_allow_is_refused(cognito: Cognito) -> None:
    user = cognito.users["user"]
    with pytest.raises(ClientError, match="USER_PASSWORD_AUTH flow not enabled"):
        sign_in(cognito, "srp", user.username, user.password)
    with pytest.raises(ClientError, match="ADMIN_USER_PASSWORD_AUTH flow not enabled"):
        cognito.api.admin_initiate_auth(
            UserPoolId=POOL.id,
            ClientId="cli",
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": user.username, "PASSWORD": user.password},
        )


@pytest.mark.parametrize("flow", ["USER_SRP_AUTH", "USER_AUTH", "CUSTOM_AUTH"])
def test_a_flow_in_which_no_password_would_be_checked_is_refused(
    cognito: Cognito, flow: Any
) -> None:
    with pytest.raises(ClientError, match=f"{flow} is not modelled.*USER_PASSWORD_AUTH"):
        cognito.api.initiate_auth(
            ClientId="srp",
            AuthFlow=flow,
            AuthParameters={"USERNAME": cognito.users["user"].username, "SRP_A": "1"},
        )


def test_a_client_with_a_secret_needs_its_hash(cognito: Cognito) -> None:
    user = cognito.users["user"]
    parameters = {"USERNAME": user.username, "PASSWORD": user.password}
    for wrong in ({}, {"SECRET_HASH": "wrong"}, {"SECRET_HASH": secret_hash(cognito, "other")}):
        with pytest.raises(ClientError, match=r"NotAuthorizedException.*(secret|SECRET_HASH)"):
            cognito.api.initiate_auth(
                ClientId="confidential",
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={**parameters, **wrong},
            )
    tokens = cognito.api.initiate_auth(
        ClientId="confidential",
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={**parameters, "SECRET_HASH": secret_hash(cognito, user.username)},
    )["AuthenticationResult"]
    given = {"REFRESH_TOKEN": tokens["RefreshToken"]}
    with pytest.raises(ClientError, match="SECRET_HASH was not received"):
        cognito.api.initiate_auth(
            ClientId="confidential", AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters=given
        )
    name = claims(tokens["AccessToken"])["username"]
    assert cognito.api.initiate_auth(
        ClientId="confidential",
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={**given, "SECRET_HASH": secret_hash(cognito, name)},
    )


def test_a_hash_for_a_client_without_a_secret_is_refused(cognito: Cognito) -> None:
    user = cognito.users["user"]
    with pytest.raises(ClientError, match="Unable to verify secret hash"):
        cognito.api.initiate_auth(
            ClientId="cli",
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={
                "USERNAME": user.username,
                "PASSWORD": user.password,
                "SECRET_HASH": secret_hash(cognito, user.username),
            },
        )


def test_an_unknown_client_or_pool_is_not_found(cognito: Cognito) -> None:
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        sign_in(cognito, "nobody", "x", "y")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        cognito.api.admin_initiate_auth(
            UserPoolId=f"{REGION}_nosuch999",
            ClientId="cli",
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={},
        )
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        cognito.api.admin_get_user(UserPoolId=f"{REGION}_nosuch999", Username="x")


def test_nobody_signs_up_where_only_an_administrator_makes_users(cognito: Cognito) -> None:
    with pytest.raises(ClientError, match="SignUp is not permitted"):
        cognito.api.sign_up(ClientId="cli", Username="x@example.com", Password=CHOSEN)


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("confirm_forgot_password", {"Username": "x", "ConfirmationCode": "1", "Password": CHOSEN}),
        ("forgot_password", {"Username": "x"}),
        ("confirm_sign_up", {"Username": "x", "ConfirmationCode": "1"}),
    ],
)
def test_an_operation_that_moto_would_wave_through_is_refused(
    cognito: Cognito, operation: str, parameters: dict[str, str]
) -> None:
    with pytest.raises(ClientError, match="is not modelled by the local stack"):
        getattr(cognito.api, operation)(ClientId="cli", **parameters)


def test_a_pool_that_the_template_does_not_have_cannot_be_made(cognito: Cognito) -> None:
    with pytest.raises(ClientError, match="CreateUserPool is not modelled"):
        cognito.api.create_user_pool(PoolName="other")


def test_whoever_administers_must_sign_the_request(cognito: Cognito) -> None:
    for operation in ("AdminGetUser", "AdminInitiateAuth", "ListUsers", "CreateUserPoolClient"):
        headers = {"X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}"}
        answer = ask(cognito, "POST", "/", {"a": "b"}, headers)
        assert answer.status == 400
        assert answer.json["__type"] == "MissingAuthenticationTokenException"


def test_a_body_that_is_no_json_object_is_refused(cognito: Cognito) -> None:
    headers = {"X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth"}
    answer = ask(cognito, "POST", "/", {"a": "b"}, headers)
    assert (answer.status, answer.json["__type"]) == (400, "SerializationException")


@pytest.mark.parametrize(
    "parameters",
    [
        {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": {"USERNAME": "x"}},
        {"AuthFlow": "USER_PASSWORD_AUTH"},
        {"AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": {}},
    ],
)
def test_a_missing_parameter_is_named(cognito: Cognito, parameters: Any) -> None:
    with pytest.raises(ClientError, match="InvalidParameterException.*Missing required parameter"):
        cognito.api.initiate_auth(ClientId="plain", **parameters)


def test_an_unknown_refresh_token_is_refused_by_the_api(cognito: Cognito) -> None:
    with pytest.raises(ClientError, match="Invalid Refresh Token"):
        cognito.api.initiate_auth(
            ClientId="plain", AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": "x"}
        )


def test_a_client_that_an_administrator_changes_changes_at_once(cognito: Cognito) -> None:
    made = cognito.api.create_user_pool_client(
        UserPoolId=POOL.id,
        ClientName="changing",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
        RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 0},
        TokenValidityUnits={"RefreshToken": "hours"},
        RefreshTokenValidity=1,
    )["UserPoolClient"]["ClientId"]
    user = cognito.users["user"]
    given = sign_in(cognito, made, user.username, user.password)["RefreshToken"]
    assert refresh(cognito, given, made).status == 200
    assert refresh(cognito, given, made).status == 400
    cognito.api.delete_user_pool_client(UserPoolId=POOL.id, ClientId=made)
    assert refresh(cognito, given, made).json["error"] == "invalid_client"


@pytest.mark.parametrize(
    ("operation", "parameter", "most"),
    [
        ("list_users", "Limit", 60),
        ("list_users_in_group", "Limit", 60),
        ("list_groups", "Limit", 60),
        ("admin_list_groups_for_user", "Limit", 60),
        ("list_user_pool_clients", "MaxResults", 60),
        ("list_user_pools", "MaxResults", 60),
        ("list_resource_servers", "MaxResults", 50),
    ],
)
def test_a_page_of_a_list_has_awss_limits(
    cognito: Cognito, operation: str, parameter: str, most: int
) -> None:
    asked: dict[str, Any] = {"UserPoolId": POOL.id} if operation != "list_user_pools" else {}
    if operation == "list_users_in_group":
        asked["GroupName"] = "admins"
    if operation == "admin_list_groups_for_user":
        asked["Username"] = cognito.users["admin"].username
    listing = getattr(cognito.api, operation)
    assert listing(**asked, **{parameter: most})
    name = parameter[0].lower() + parameter[1:]
    words = (
        rf"InvalidParameterException.*Value '{most + 1}' at '{name}' failed to satisfy constraint: "
        f"Member must have value less than or equal to {most}"
    )
    with pytest.raises(ClientError, match=words):
        listing(**asked, **{parameter: most + 1})


def test_a_page_of_no_entries_is_refused_where_aws_wants_one(cognito: Cognito) -> None:
    target = "AWSCognitoIdentityProviderService.ListUserPools"
    headers = {"X-Amz-Target": target, "Authorization": "AWS4-HMAC-SHA256 Credential=any"}
    for value, words in ((0, "greater than or equal to 1"), ("x", "MaxResults must be a number")):
        body = json.dumps({"MaxResults": value})
        connection = http.client.HTTPConnection(cognito.server.url.removeprefix("http://"))
        connection.request("POST", "/", body, headers)
        response = connection.getresponse()
        assert response.status == 400
        assert words in response.read().decode()
        connection.close()


def test_a_duplicate_is_told_in_awss_words(cognito: Cognito) -> None:
    user = cognito.users["admin"].username
    with pytest.raises(
        ClientError, match=r"UsernameExistsException.*: User account already exists$"
    ):
        cognito.api.admin_create_user(UserPoolId=POOL.id, Username=user)
    with pytest.raises(ClientError, match="GroupExistsException.*A group with the name already"):
        cognito.api.create_group(UserPoolId=POOL.id, GroupName="admins")


@pytest.mark.parametrize(
    ("known_by", "name", "words"),
    [
        (["email"], "ada@example.com", "An account with the given email already exists."),
        (
            ["email", "phone_number"],
            "+15550100",
            "An account with the given phone_number already exists.",
        ),
        ([], "ada", "User already exists"),
    ],
)
def test_who_signs_up_with_a_name_that_is_taken_is_told_in_awss_words(
    known_by: list[str], name: str, words: str
) -> None:
    # Clients are found by their id alone, so this pool's needs one that no other pool has.
    client = client_config("signs-up", auth_flows=PASSWORD)
    open_to_all = pool_config("eu-central-1_signup1234", client)
    settings: JsonObject = {
        **open_to_all.settings,
        "UsernameAttributes": [*known_by],
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False},
    }
    for cognito in serve(replace(open_to_all, settings=settings)):
        cognito.api.sign_up(ClientId=client.id, Username=name, Password=CHOSEN)
        with pytest.raises(ClientError) as raised:
            cognito.api.sign_up(ClientId=client.id, Username=name, Password=CHOSEN)
        assert raised.value.response["Error"] == {
            "Code": "UsernameExistsException",
            "Message": words,
        }
