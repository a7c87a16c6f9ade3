"""What a pre-token-generation function's answer changes in the tokens."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.runtime.outcome import Succeeded

from .http_client import Browser, authorize
from .test_pools import sign_in
from .trigger import Triggered, access, identity, triggered


@pytest.fixture(scope="module")
def module_v2() -> Iterator[Triggered]:
    yield from triggered("eu-west-2_trigger12", "V2_0")


@pytest.fixture
def v2(module_v2: Triggered) -> Triggered:
    module_v2.function.events.clear()
    module_v2.function.limits.clear()
    module_v2.function.details = None
    return module_v2


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
