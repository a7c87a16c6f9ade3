"""What NEW_PASSWORD_REQUIRED tells of a person, and what its answer may set of them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.json_value import JsonValue

from .conftest import PASSWORD, Cognito, client_config, pool_config, serve
from .http_client import claims
from .test_new_password import CHOSEN, TEMPORARY

PERSON = "new@example.com"
SCHEMA: list[JsonValue] = [
    {"Name": "given_name", "AttributeDataType": "String", "Required": True},
    {"Name": "tenant", "AttributeDataType": "String"},
]
CLIENTS = (
    client_config("cli", auth_flows=PASSWORD),
    client_config("reads-little", auth_flows=PASSWORD, readable_attributes=frozenset({"email"})),
    client_config(
        "writes-little", auth_flows=PASSWORD, writable_attributes=frozenset({"given_name"})
    ),
)
POOL = pool_config("eu-central-1_attribute", *CLIENTS)


@pytest.fixture
def cognito() -> Iterator[Cognito]:
    pool = replace(POOL, settings={**POOL.settings, "Schema": SCHEMA})
    for running in serve(pool):
        running.api.admin_create_user(
            UserPoolId=pool.id,
            Username=PERSON,
            TemporaryPassword=TEMPORARY,
            UserAttributes=[
                {"Name": "email_verified", "Value": "true"},
                {"Name": "custom:tenant", "Value": "acme"},
            ],
        )
        yield running


def challenged(cognito: Cognito, client_id: str = "cli") -> Any:
    return cognito.api.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": PERSON, "PASSWORD": TEMPORARY},
    )


def answer(cognito: Cognito, client_id: str = "cli", **attributes: str) -> Any:
    return cognito.api.respond_to_auth_challenge(
        ClientId=client_id,
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=challenged(cognito, client_id)["Session"],
        ChallengeResponses={
            "USERNAME": PERSON,
            "NEW_PASSWORD": CHOSEN,
            **{f"userAttributes.{name}": value for name, value in attributes.items()},
        },
    )


@pytest.mark.parametrize(
    ("client_id", "told"),
    [
        ("cli", {"email": PERSON, "email_verified": "true", "custom:tenant": "acme"}),
        ("reads-little", {"email": PERSON}),
    ],
)
def test_the_challenge_tells_attributes_as_clients_parse_them(
    cognito: Cognito, client_id: str, told: dict[str, str]
) -> None:
    parameters = challenged(cognito, client_id)["ChallengeParameters"]
    assert json.loads(parameters["userAttributes"]) == told
    assert json.loads(parameters["requiredAttributes"]) == ["userAttributes.given_name"]


def test_an_answer_gives_what_is_required(cognito: Cognito) -> None:
    tokens = answer(cognito, given_name="Ada", nickname="ada")["AuthenticationResult"]
    said = claims(tokens["IdToken"])
    assert (said["given_name"], said["nickname"], said["email"]) == ("Ada", "ada", PERSON)


@pytest.mark.parametrize(
    ("client_id", "attributes", "problem"),
    [
        ("cli", {}, "InvalidParameterException.*Invalid attributes given, given_name is missing"),
        ("cli", {"given_name": ""}, "given_name is missing"),
        (
            "cli",
            {"given_name": "Ada", "email": "other@example.com"},
            "NotAuthorizedException.*Cannot modify an already provided email",
        ),
        ("cli", {"given_name": "Ada", "email_verified": "true"}, "unauthorized attribute"),
        ("cli", {"given_name": "Ada", "sub": "x"}, "unauthorized attribute"),
        ("writes-little", {"given_name": "Ada", "nickname": "a"}, "unauthorized attribute"),
        ("writes-little", {"given_name": "Ada", "custom:tenant": "x"}, "unauthorized attribute"),
        ("cli", {"given_name": "Ada", "shoe_size": "39"}, "does not exist in the schema"),
    ],
)
def test_an_answer_that_sets_what_it_may_not_changes_nothing(
    cognito: Cognito, client_id: str, attributes: dict[str, str], problem: str
) -> None:
    with pytest.raises(ClientError, match=problem):
        answer(cognito, client_id, **attributes)
    parameters = challenged(cognito)["ChallengeParameters"]
    assert "given_name" not in json.loads(parameters["userAttributes"])
    assert answer(cognito, given_name="Ada")["AuthenticationResult"]
