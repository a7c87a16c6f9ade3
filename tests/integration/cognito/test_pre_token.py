"""The pre-token-generation trigger: what its function is told, and what its answer changes."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from aws_lambda_powertools.utilities.data_classes.cognito_user_pool_event import (
    PreTokenGenerationV2TriggerEvent,
)
from botocore.exceptions import ClientError

from local.cognito.pre_token import ATTEMPTS, LIMIT_SECONDS
from local.runtime.outcome import Failed, GaveUp
from local.template.pool_config import PreTokenConfig

from .conftest import CLIENTS, Cognito, pool_config, serve
from .http_client import Browser, authorize, basic, claims, redeem, refresh, token, tokens_by_code
from .test_new_password import CHOSEN, TEMPORARY, challenge, invite, respond
from .test_pools import sign_in
from .trigger import Triggered, access, triggered


@pytest.fixture(scope="module")
def module_v2() -> Iterator[Triggered]:
    yield from triggered("us-west-2_trigger12", "V2_0")


@pytest.fixture
def v2(module_v2: Triggered) -> Triggered:
    module_v2.function.events.clear()
    module_v2.function.limits.clear()
    module_v2.function.details = None
    return module_v2


@pytest.fixture(scope="module")
def v3() -> Iterator[Triggered]:
    yield from triggered("us-west-1_trigger12", "V3_0")


def test_the_function_is_told_who_signs_in_where_and_for_what(v2: Triggered) -> None:
    tokens_by_code(v2.cognito)
    admin = v2.cognito.users["admin"]
    event = PreTokenGenerationV2TriggerEvent(v2.function.events[0])
    assert (event.version, event.trigger_source) == ("2", "TokenGeneration_HostedAuth")
    assert (event.region, event.user_pool_id) == ("us-west-2", v2.cognito.pool.id)
    assert event.caller_context.client_id == "web"
    assert event.user_name == event.request.user_attributes["sub"]
    assert event.request.user_attributes["email"] == admin.username
    assert event.request.user_attributes["email_verified"] == "true"
    assert event.request.user_attributes["cognito:user_status"] == "CONFIRMED"
    assert event.request.group_configuration.groups_to_override == ["admins", "support"]
    role = "arn:aws:iam::111122223333:role/admins"
    assert event.request.group_configuration.iam_roles_to_override == [role]
    assert event.request.group_configuration.preferred_role == role
    assert event.request.scopes == ["openid", "orders/read"]
    assert "clientMetadata" not in v2.function.events[0]["request"]
    assert v2.function.events[0]["response"] == {"claimsAndScopeOverrideDetails": None}
    assert v2.function.limits == [LIMIT_SECONDS]


def test_each_occasion_has_its_trigger_source(v2: Triggered) -> None:
    cognito, user = v2.cognito, v2.cognito.users["user"]
    first = sign_in(cognito, "cli", user.username, user.password)
    refresh(cognito, first["RefreshToken"], "cli")
    invite(cognito, "invited@example.com")
    respond(
        cognito,
        challenge(cognito, "invited@example.com"),
        USERNAME="invited@example.com",
        NEW_PASSWORD=CHOSEN,
    )
    assert TEMPORARY != CHOSEN
    assert [event["triggerSource"] for event in v2.function.events] == [
        "TokenGeneration_Authentication",
        "TokenGeneration_RefreshTokens",
        "TokenGeneration_NewPasswordChallenge",
    ]


def test_a_challenges_answer_and_a_refresh_pass_metadata_on(v2: Triggered) -> None:
    user = v2.cognito.users["user"]
    first = sign_in(v2.cognito, "cli", user.username, user.password)
    v2.cognito.api.get_tokens_from_refresh_token(
        RefreshToken=first["RefreshToken"], ClientId="cli", ClientMetadata={"from": "test"}
    )
    assert v2.function.events[-1]["request"]["clientMetadata"] == {"from": "test"}


def test_a_failing_function_fails_the_sign_in_in_its_words(v2: Triggered) -> None:
    user = v2.cognito.users["user"]
    v2.function.outcomes.put(Failed("Exception", "No tenant"))
    with pytest.raises(
        ClientError,
        match="UserLambdaValidationException.*PreTokenGeneration failed with error No tenant",
    ):
        sign_in(v2.cognito, "cli", user.username, user.password)


def test_a_failing_function_is_told_to_the_client_of_the_page(v2: Triggered) -> None:
    v2.function.outcomes.put(Failed("Exception", "No tenant"))
    back = Browser(v2.cognito).sign_in(authorize())
    assert back.redirected == {
        "error": "invalid_request",
        "error_description": "PreTokenGeneration failed with error No tenant.",
        "state": "opaque & odd",
    }
    assert "cognito" not in "".join(back.set_cookies)


def test_a_failing_function_leaves_the_refresh_token_as_it_was(v2: Triggered) -> None:
    first = tokens_by_code(v2.cognito)["refresh_token"]
    v2.function.outcomes.put(Failed("Exception", "No tenant"))
    answer = refresh(v2.cognito, first)
    assert (answer.status, answer.json["error"]) == (400, "invalid_request")
    assert refresh(v2.cognito, first).status == 200


def test_a_late_function_is_tried_three_times_and_then_fails_the_sign_in(v2: Triggered) -> None:
    user = v2.cognito.users["user"]
    for _ in range(ATTEMPTS - 1):
        v2.function.outcomes.put(GaveUp(LIMIT_SECONDS))
    assert "AccessToken" in sign_in(v2.cognito, "cli", user.username, user.password)
    for _ in range(ATTEMPTS):
        v2.function.outcomes.put(GaveUp(LIMIT_SECONDS))
    with pytest.raises(ClientError, match="UnexpectedLambdaException"):
        sign_in(v2.cognito, "cli", user.username, user.password)
    assert len(v2.function.events) == 2 * ATTEMPTS


def test_a_machine_meets_the_trigger_only_with_version_3(v2: Triggered, v3: Triggered) -> None:
    assert "access_token" in machine(v2.cognito)
    assert v2.function.events == []
    v3.function.details = access(
        claimsToAddOrOverride={"tenant": "t-1"}, scopesToAdd=["orders/extra"]
    )
    found = claims(machine(v3.cognito, aws_client_metadata='{"from": "test"}')["access_token"])
    assert (found["tenant"], found["scope"]) == ("t-1", "orders/read orders/extra")
    event = v3.function.events[-1]
    assert (event["version"], event["triggerSource"]) == ("3", "TokenGeneration_ClientCredentials")
    assert event["callerContext"]["clientId"] == "machine"
    assert event["request"] == {
        "userAttributes": {},
        "groupConfiguration": {
            "groupsToOverride": [],
            "iamRolesToOverride": [],
            "preferredRole": None,
        },
        "scopes": ["orders/read"],
        "clientMetadata": {"from": "test"},
    }


def test_a_failing_function_gives_a_machine_no_token(v3: Triggered) -> None:
    v3.function.outcomes.put(Failed("Exception", "No tenant"))
    assert machine(v3.cognito)["error"] == "invalid_request"


def test_a_session_of_the_browser_meets_the_trigger_again(v2: Triggered) -> None:
    browser = Browser(v2.cognito)
    browser.sign_in(authorize())
    v2.function.details = access(claimsToAddOrOverride={"tenant": "t-2"})
    code = browser.get("/oauth2/authorize", authorize()).redirected["code"]
    v2.function.details = None
    assert claims(redeem(v2.cognito, code).json["access_token"])["tenant"] == "t-2"


def test_a_trigger_without_running_functions_fails_the_sign_in() -> None:
    pool = replace(
        pool_config("ca-central-1_nobody123", *CLIENTS),
        pre_token=PreTokenConfig("trigger", "V2_0"),
    )
    for cognito in serve(pool):
        user = cognito.users["user"]
        with pytest.raises(ClientError, match="function trigger is not running"):
            sign_in(cognito, "cli", user.username, user.password)


def machine(cognito: Cognito, **form: str) -> Any:
    headers = basic("machine", cognito.machine_secret)
    return token(cognito, headers, grant_type="client_credentials", **form).json
