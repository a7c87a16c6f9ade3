"""The pre-token-generation trigger: what its function is told, and what its answer changes."""

import json
import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from aws_lambda_powertools.utilities.data_classes.cognito_user_pool_event import (
    PreTokenGenerationV2TriggerEvent,
)
from botocore.exceptions import ClientError

from local.cognito.pre_token import ATTEMPTS, LIMIT_SECONDS
from local.cognito.server import CognitoServer
from local.runtime.outcome import Failed, GaveUp, Outcome, Succeeded
from local.template.local_app import PreTokenConfig

from .conftest import CLIENTS, Cognito, pool_config, serve
from .http_client import Browser, authorize, basic, claims, redeem, refresh, token, tokens_by_code
from .test_api import CHOSEN, TEMPORARY, challenge, invite, respond
from .test_pools import sign_in

Answer = Callable[[dict[str, Any]], Any]


@dataclass
class Function:
    """Stands where a Lambda function would: takes an event, answers what a test tells it to."""

    events: list[dict[str, Any]] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)
    outcomes: "queue.SimpleQueue[Outcome]" = field(default_factory=queue.SimpleQueue)
    details: Any = None

    def __call__(self, name: str, event: bytes, limit_seconds: float) -> Outcome:
        assert name == "trigger"
        self.events.append(json.loads(event))
        self.limits.append(limit_seconds)
        if not self.outcomes.empty():
            return self.outcomes.get()
        answer = json.loads(event)
        answer["response"] = {"claimsAndScopeOverrideDetails": self.details}
        return Succeeded(json.dumps(answer).encode())


@dataclass(frozen=True)
class Triggered:
    cognito: Cognito
    function: Function

    def sign_in(self, details: Any) -> tuple[Any, Any]:
        """The claims of access and ID token of the admin, who signs in on the page."""
        self.function.details = details
        tokens = tokens_by_code(self.cognito)
        return claims(tokens["access_token"]), claims(tokens["id_token"])


def triggered(pool_id: str, version: str) -> Iterator[Triggered]:
    function = Function()
    pool = replace(pool_config(pool_id, *CLIENTS), pre_token=PreTokenConfig("trigger", version))
    for cognito in serve(pool, invoke=function):
        yield Triggered(cognito, function)


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


def access(**changes: Any) -> dict[str, Any]:
    return {"accessTokenGeneration": changes}


def identity(**changes: Any) -> dict[str, Any]:
    return {"idTokenGeneration": changes}


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


def test_no_change_is_no_change(v2: Triggered) -> None:
    plain = v2.sign_in(None)
    empty: list[Any] = [{}, access(), {"accessTokenGeneration": None, "idTokenGeneration": {}}]
    for details in empty:
        changed = v2.sign_in(details)
        assert [set(token) for token in changed] == [set(token) for token in plain]
        assert changed[0]["scope"] == plain[0]["scope"]


def test_claims_are_added_to_and_overridden_in_each_token_by_itself(v2: Triggered) -> None:
    access_token, id_token = v2.sign_in(
        {
            **access(claimsToAddOrOverride={"tenant": "t-1", "limits": {"orders": [1, True]}}),
            **identity(claimsToAddOrOverride={"email": "other@example.com"}),
        }
    )
    assert (access_token["tenant"], access_token["limits"]) == ("t-1", {"orders": [1, True]})
    assert "tenant" not in id_token
    assert id_token["email"] == "other@example.com"


def test_claims_are_suppressed_even_if_they_are_added_too(v2: Triggered) -> None:
    access_token, id_token = v2.sign_in(
        {
            **access(
                claimsToAddOrOverride={"tenant": "t-1"},
                claimsToSuppress=["tenant", "cognito:groups", "no-such-claim"],
            ),
            **identity(claimsToSuppress=["email"]),
        }
    )
    assert not {"tenant", "cognito:groups"} & set(access_token)
    assert "email" not in id_token
    assert "email_verified" in id_token


RESERVED = [
    "acr",
    "amr",
    "at_hash",
    "auth_time",
    "azp",
    "exp",
    "iat",
    "iss",
    "jti",
    "nbf",
    "nonce",
    "origin_jti",
    "sub",
    "token_use",
]


@pytest.mark.parametrize(
    "claim",
    [*RESERVED, "client_id", "device_key", "event_id", "scope", "username", "version"],
)
def test_a_reserved_claim_of_an_access_token_stays_as_it_is(v2: Triggered, claim: str) -> None:
    for details in (
        access(claimsToAddOrOverride={claim: "forged"}),
        access(claimsToSuppress=[claim]),
    ):
        access_token, _ = v2.sign_in(details)
        assert access_token.get(claim) != "forged"
        assert (claim in access_token) == (
            claim not in {"acr", "amr", "at_hash", "azp", "nbf", "nonce", "device_key"}
        )


@pytest.mark.parametrize("claim", [*RESERVED, "aud", "cognito:username", "identities"])
def test_a_reserved_claim_of_an_id_token_stays_as_it_is(v2: Triggered, claim: str) -> None:
    for details in (
        identity(claimsToAddOrOverride={claim: "forged"}),
        identity(claimsToSuppress=[claim]),
    ):
        _, id_token = v2.sign_in(details)
        assert id_token.get(claim) != "forged"
        assert (claim in id_token) == (
            claim not in {"acr", "amr", "azp", "nbf", "nonce", "identities"}
        )


def test_scopes_are_added_once_and_suppressed(v2: Triggered) -> None:
    access_token, _ = v2.sign_in(
        access(scopesToAdd=["orders/write", "openid", "made/up"], scopesToSuppress=["orders/read"])
    )
    assert access_token["scope"] == "openid orders/write made/up"


def test_the_scope_of_cognitos_own_api_cannot_be_added(v2: Triggered) -> None:
    access_token, _ = v2.sign_in(access(scopesToAdd=["aws.cognito.signin.user.admin"]))
    assert access_token["scope"] == "openid orders/read"


def test_groups_and_roles_are_replaced_in_both_tokens(v2: Triggered) -> None:
    access_token, id_token = v2.sign_in(
        {
            "groupOverrideDetails": {
                "groupsToOverride": ["b", "a"],
                "iamRolesToOverride": ["role-1"],
                "preferredRole": "role-2",
            }
        }
    )
    assert access_token["cognito:groups"] == id_token["cognito:groups"] == ["b", "a"]
    assert (id_token["cognito:roles"], id_token["cognito:preferred_role"]) == (["role-1"], "role-2")


@pytest.mark.parametrize("override", [None, {}, {"groupsToOverride": []}])
def test_an_empty_override_suppresses_the_groups(v2: Triggered, override: Any) -> None:
    access_token, id_token = v2.sign_in({"groupOverrideDetails": override})
    assert not {"cognito:groups", "cognito:roles", "cognito:preferred_role"} & {
        *access_token,
        *id_token,
    }


def test_groups_are_not_changed_as_a_claim(v2: Triggered) -> None:
    for details in (
        access(claimsToAddOrOverride={"cognito:groups": ["forged"]}),
        identity(claimsToAddOrOverride={"cognito:groups": ["forged"]}),
    ):
        for token_claims in v2.sign_in(details):
            assert token_claims["cognito:groups"] == ["admins", "support"]


def test_an_audience_of_an_access_token_must_be_its_client(v2: Triggered) -> None:
    access_token, _ = v2.sign_in(access(claimsToAddOrOverride={"aud": "web"}))
    assert access_token["aud"] == "web"
    v2.function.details = access(claimsToAddOrOverride={"aud": "another"})
    assert (
        "Unrecognizable" in Browser(v2.cognito).sign_in(authorize()).redirected["error_description"]
    )


@pytest.mark.parametrize(
    "payload",
    [
        b"null",
        b'"text"',
        b"[]",
        b'{"response": []}',
        b'{"response": {"claimsAndScopeOverrideDetails": "x"}}',
        json.dumps(
            {"response": {"claimsAndScopeOverrideDetails": access(scopesToAdd="x")}}
        ).encode(),
        json.dumps(
            {"response": {"claimsAndScopeOverrideDetails": access(scopesToAdd=["a b"])}}
        ).encode(),
        json.dumps(
            {"response": {"claimsAndScopeOverrideDetails": access(claimsToSuppress=[1])}}
        ).encode(),
        json.dumps(
            {"response": {"claimsAndScopeOverrideDetails": identity(claimsToAddOrOverride=[])}}
        ).encode(),
        json.dumps(
            {
                "response": {
                    "claimsAndScopeOverrideDetails": {"groupOverrideDetails": {"preferredRole": 1}}
                }
            }
        ).encode(),
    ],
)
def test_an_answer_of_another_shape_fails_the_sign_in(v2: Triggered, payload: bytes) -> None:
    v2.function.outcomes.put(Succeeded(payload))
    user = v2.cognito.users["user"]
    with pytest.raises(ClientError, match="InvalidLambdaResponseException.*Unrecognizable"):
        sign_in(v2.cognito, "cli", user.username, user.password)


def test_an_answer_without_a_response_changes_nothing(v2: Triggered) -> None:
    v2.function.outcomes.put(Succeeded(b"{}"))
    user = v2.cognito.users["user"]
    assert "AccessToken" in sign_in(v2.cognito, "cli", user.username, user.password)


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
        assert isinstance(cognito.server, CognitoServer)


def machine(cognito: Cognito, **form: str) -> Any:
    headers = basic("machine", cognito.machine_secret)
    return token(cognito, headers, grant_type="client_credentials", **form).json
