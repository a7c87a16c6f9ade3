"""AWS::Cognito::* in a template: what is read, what is refused with its place, what has no effect."""

from typing import Any

import pytest

from local.errors import TemplateUnsupported
from local.json_value import JsonObject
from local.template.assembly import Assembly, Resource, Stack
from local.template.cognito_ignored_properties import IGNORED_PROPERTIES
from local.template.intrinsics import Resolver
from local.template.pool_config import PoolConfig, PreTokenConfig
from local.template.pools import read_pools

ARN = "arn:aws:lambda:us-east-1:123456789012:function:claims"
POOL_REF: JsonObject = {"Ref": "Pool"}


def read(*clients: JsonObject, pool: JsonObject | None = None, **others: Any) -> PoolConfig:
    """Read a template with this pool, these clients, and other resources: type and properties."""
    resources = {
        "Pool": ("UserPool", pool or {}),
        "Orders": (
            "UserPoolResourceServer",
            {"UserPoolId": POOL_REF, "Identifier": "orders", "Scopes": [{"ScopeName": "read"}]},
        ),
        **{
            f"Client{index}": ("UserPoolClient", {"UserPoolId": POOL_REF, **client})
            for index, client in enumerate(clients)
        },
        **others,
    }
    stack = Stack(
        name="Identity",
        account_id="123456789012",
        region="us-east-1",
        resources={
            logical_id: Resource("Identity", logical_id, f"AWS::Cognito::{kind}", properties)
            for logical_id, (kind, properties) in resources.items()
        },
        outputs={},
    )
    assembly = Assembly(stacks={stack.name: stack}, asset_folders={})
    pools = read_pools(assembly, Resolver(assembly), {ARN: "claims"})
    assert len(pools) == 1
    return pools[0]


def test_a_client_is_read_with_cognitos_defaults() -> None:
    client = read({}).clients[0]
    assert client.auth_flows == {
        "ALLOW_CUSTOM_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
        "ALLOW_USER_SRP_AUTH",
    }
    assert (client.access_token_seconds, client.id_token_seconds) == (3600, 3600)
    assert client.refresh_token_seconds == 30 * 86_400
    assert (client.rotation_grace_seconds, client.readable_attributes) == (None, None)
    assert (client.auth_session_seconds, client.hides_unknown_users) == (180, False)


def test_a_client_is_read_as_it_is_configured() -> None:
    client = read(
        {
            "AccessTokenValidity": 10,
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthFlowsUserPoolClient": True,
            "AllowedOAuthScopes": ["openid", "orders/read"],
            "AuthSessionValidity": 15,
            "CallbackURLs": ["http://localhost/a"],
            "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
            "IdTokenValidity": 5,
            "LogoutURLs": ["http://localhost/b"],
            "ReadAttributes": ["email"],
            "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 60},
            "RefreshTokenValidity": 60,
            "SupportedIdentityProviders": ["COGNITO"],
            "TokenValidityUnits": {
                "AccessToken": "minutes",
                "IdToken": "minutes",
                "RefreshToken": "minutes",
            },
        }
    ).clients[0]
    assert client.oauth_flows == {"code"}
    assert client.oauth_scopes == ("openid", "orders/read")
    assert (client.access_token_seconds, client.id_token_seconds) == (600, 300)
    assert (client.refresh_token_seconds, client.rotation_grace_seconds) == (3600, 60)
    assert client.auth_session_seconds == 900
    assert client.logout_urls == ("http://localhost/b",)
    assert client.readable_attributes == frozenset({"email"})


def test_without_its_switch_a_client_has_no_oauth_flow() -> None:
    assert read({"AllowedOAuthFlows": ["code"]}).clients[0].oauth_flows == frozenset()


def test_a_pool_is_read_with_its_policy_attributes_and_case_rule() -> None:
    pool = read(
        pool={
            "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True},
            "Policies": {"PasswordPolicy": {"MinimumLength": 12, "RequireSymbols": True}},
            "Schema": [{"Name": "tenant", "AttributeDataType": "String", "Mutable": True}],
            "UsernameAttributes": ["email"],
            "UsernameConfiguration": {"CaseSensitive": False},
        }
    )
    assert pool.settings == {
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True},
        "MfaConfiguration": "OFF",
        "Policies": {
            "PasswordPolicy": {
                "MinimumLength": 12,
                "RequireLowercase": False,
                "RequireNumbers": False,
                "RequireSymbols": True,
                "RequireUppercase": False,
            }
        },
        "Schema": [{"Name": "tenant", "AttributeDataType": "String"}],
        "UsernameAttributes": ["email"],
        "UsernameConfiguration": {"CaseSensitive": False},
    }
    assert pool.pre_token is None


def test_a_pre_token_generation_trigger_is_read() -> None:
    trigger = {"LambdaArn": ARN, "LambdaVersion": "V2_0"}
    configs: list[Any] = [
        {"PreTokenGenerationConfig": trigger},
        {"PreTokenGenerationConfig": trigger, "PreTokenGeneration": ARN},
    ]
    for config in configs:
        assert read(pool={"LambdaConfig": config}).pre_token == PreTokenConfig("claims", "V2_0")


def test_a_group_is_read_with_its_role() -> None:
    group = ("UserPoolGroup", {"UserPoolId": POOL_REF, "GroupName": "a", "RoleArn": "arn:role"})
    assert read(Group=group).groups[0].role_arn == "arn:role"


@pytest.mark.parametrize(
    ("pool", "place"),
    [
        ({"AliasAttributes": ["email"]}, "AliasAttributes"),
        ({"DeviceConfiguration": {}}, "DeviceConfiguration"),
        ({"MfaConfiguration": "SOMETIMES"}, "MfaConfiguration"),
        ({"WebAuthnConfiguration": {"RelyingPartyID": "example.com"}}, "WebAuthnConfiguration"),
        ({"WebAuthnUserVerification": "required"}, "WebAuthnUserVerification"),
        ({"Unheard": 1}, "Unheard"),
        (
            {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}},
            "Policies.SignInPolicy.AllowedFirstAuthFactors",
        ),
        ({"Policies": {"PasswordPolicy": {"Unheard": 1}}}, "Policies.PasswordPolicy.Unheard"),
        ({"Policies": {"Unheard": 1}}, "Policies.Unheard"),
        (
            {"Schema": [{"Name": "a", "DeveloperOnlyAttribute": True}]},
            "Schema[0].DeveloperOnlyAttribute",
        ),
        ({"Schema": [{"Name": "a", "Unheard": 1}]}, "Schema[0].Unheard"),
        ({"AdminCreateUserConfig": {"Unheard": 1}}, "AdminCreateUserConfig.Unheard"),
        ({"UsernameConfiguration": {"Unheard": 1}}, "UsernameConfiguration.Unheard"),
        ({"IssuerConfiguration": {"Unheard": 1}}, "IssuerConfiguration.Unheard"),
        ({"LambdaConfig": {"PreSignUp": ARN}}, "LambdaConfig.PreSignUp"),
        ({"LambdaConfig": {"PostConfirmation": ARN}}, "LambdaConfig.PostConfirmation"),
        ({"LambdaConfig": {"PreTokenGeneration": ARN}}, "LambdaConfig.PreTokenGeneration"),
        (
            {
                "LambdaConfig": {
                    "PreTokenGenerationConfig": {"LambdaArn": ARN, "LambdaVersion": "V1_0"}
                }
            },
            "LambdaConfig.PreTokenGenerationConfig.LambdaVersion",
        ),
        (
            {
                "LambdaConfig": {
                    "PreTokenGenerationConfig": {"LambdaArn": "x", "LambdaVersion": "V2_0"}
                }
            },
            "LambdaConfig.PreTokenGenerationConfig.LambdaArn",
        ),
        (
            {
                "LambdaConfig": {
                    "PreTokenGeneration": "x",
                    "PreTokenGenerationConfig": {"LambdaArn": ARN, "LambdaVersion": "V2_0"},
                }
            },
            "LambdaConfig.PreTokenGeneration",
        ),
        (
            {
                "UserPoolTier": "LITE",
                "LambdaConfig": {
                    "PreTokenGenerationConfig": {"LambdaArn": ARN, "LambdaVersion": "V2_0"}
                },
            },
            "UserPoolTier",
        ),
    ],
)
def test_a_pool_that_is_not_modelled_stops_the_start_with_its_place(
    pool: JsonObject, place: str
) -> None:
    with pytest.raises(TemplateUnsupported) as raised:
        read(pool=pool)
    assert str(raised.value).startswith(f"Identity.Pool, property {place}: ")


@pytest.mark.parametrize(
    ("client", "place"),
    [
        ({"AccessTokenValidity": 25}, "AccessTokenValidity"),
        ({"IdTokenValidity": 1, "TokenValidityUnits": {"IdToken": "minutes"}}, "IdTokenValidity"),
        ({"RefreshTokenValidity": 0}, "RefreshTokenValidity"),
        ({"TokenValidityUnits": {"Unheard": "days"}}, "TokenValidityUnits.Unheard"),
        ({"TokenValidityUnits": {"IdToken": "weeks"}}, "TokenValidityUnits.IdToken"),
        ({"AllowedOAuthFlows": ["implicit"]}, "AllowedOAuthFlows"),
        ({"AllowedOAuthFlows": ["client_credentials"]}, "AllowedOAuthFlows"),
        (
            {"AllowedOAuthFlows": ["client_credentials", "code"], "GenerateSecret": True},
            "AllowedOAuthFlows",
        ),
        ({"AllowedOAuthScopes": ["orders/none"]}, "AllowedOAuthScopes"),
        ({"AuthSessionValidity": 16}, "AuthSessionValidity"),
        ({"DefaultRedirectURI": "http://localhost/"}, "DefaultRedirectURI"),
        ({"EnableTokenRevocation": False}, "EnableTokenRevocation"),
        ({"ExplicitAuthFlows": ["ADMIN_NO_SRP_AUTH"]}, "ExplicitAuthFlows"),
        (
            {
                "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
                "RefreshTokenRotation": {"Feature": "ENABLED"},
            },
            "ExplicitAuthFlows",
        ),
        (
            {"RefreshTokenRotation": {"Feature": "DISABLED", "RetryGracePeriodSeconds": 61}},
            "RefreshTokenRotation.RetryGracePeriodSeconds",
        ),
        ({"SupportedIdentityProviders": ["COGNITO", "Corp"]}, "SupportedIdentityProviders"),
        ({"Unheard": 1}, "Unheard"),
    ],
)
def test_a_client_that_is_not_modelled_stops_the_start_with_its_place(
    client: JsonObject, place: str
) -> None:
    with pytest.raises(TemplateUnsupported) as raised:
        read(client)
    assert str(raised.value).startswith(f"Identity.Client0, property {place}: ")


@pytest.mark.parametrize(
    ("kind", "properties", "place"),
    [
        ("UserPoolResourceServer", {"Identifier": "a", "Unheard": 1}, "Unheard"),
        (
            "UserPoolResourceServer",
            {"Identifier": "a", "Scopes": [{"ScopeName": "b", "Unheard": 1}]},
            "Scopes[0].Unheard",
        ),
        ("UserPoolDomain", {"Domain": "a", "Routing": {}}, "Routing"),
        ("UserPoolDomain", {"Domain": "a", "Unheard": 1}, "Unheard"),
        ("UserPoolGroup", {"GroupName": "a", "Unheard": 1}, "Unheard"),
    ],
)
def test_what_hangs_on_a_pool_and_is_not_modelled_stops_the_start(
    kind: str, properties: JsonObject, place: str
) -> None:
    with pytest.raises(TemplateUnsupported) as raised:
        read(Other=(kind, {"UserPoolId": POOL_REF, **properties}))
    assert str(raised.value).startswith(f"Identity.Other, property {place}: ")


NEEDED: dict[str, JsonObject] = {
    "UserPoolResourceServer": {"Identifier": "a"},
    "UserPoolGroup": {"GroupName": "a"},
}


@pytest.mark.parametrize(
    ("kind", "path"), [(kind, path) for kind, paths in IGNORED_PROPERTIES.items() for path in paths]
)
def test_what_has_no_effect_is_accepted_with_a_reason(kind: str, path: str) -> None:
    value: Any = {"inside": 1} if "." in path else {"Fn::If": ["never", "resolved", "here"]}
    needed = {"Name": "a"} if kind == "UserPool" else {"ScopeName": "a"}
    for name in reversed(path.split(".")):
        listed = name.endswith("[]")
        value = {name.removesuffix("[]"): [{**needed, **value}] if listed else value}
    if kind == "UserPool":
        read(pool=value)
    else:
        read(Other=(kind, {"UserPoolId": POOL_REF, **NEEDED.get(kind, {}), **value}))
    assert IGNORED_PROPERTIES[kind][path]
