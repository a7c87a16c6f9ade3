from dataclasses import replace
from pathlib import Path

import pytest

from aws_jwt_authorizer.access.rules import ClaimPath, ClaimValue, MachineClient, Route, Rule
from tests.sample.access import ACCESS
from tests.synth.synthesis import Synthesis, synthesise


def test_a_password_has_twelve_characters_of_four_kinds_and_a_memory(dev: Synthesis) -> None:
    assert dev.only("AWS::Cognito::UserPool")["Policies"]["PasswordPolicy"] == {
        "MinimumLength": 12,
        "PasswordHistorySize": 5,
        "RequireLowercase": True,
        "RequireNumbers": True,
        "RequireSymbols": True,
        "RequireUppercase": True,
        "TemporaryPasswordValidityDays": 7,
    }


def test_people_sign_in_by_email_whatever_its_case(dev: Synthesis) -> None:
    pool = dev.only("AWS::Cognito::UserPool")
    assert pool["UsernameAttributes"] == ["email"]
    assert pool["UsernameConfiguration"] == {"CaseSensitive": False}
    assert pool["AutoVerifiedAttributes"] == ["email"]


def test_an_account_is_recovered_by_email_only(dev: Synthesis) -> None:
    recovery = dev.only("AWS::Cognito::UserPool")["AccountRecoverySetting"]
    assert recovery == {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]}


def test_a_changed_email_counts_only_once_it_is_verified(dev: Synthesis) -> None:
    settings = dev.only("AWS::Cognito::UserPool")["UserAttributeUpdateSettings"]
    assert settings == {"AttributesRequireVerificationBeforeUpdate": ["email"]}


def test_a_resource_server_called_by_its_url_has_a_friendly_name_that_cognito_takes(
    folder: Path,
) -> None:
    scope = "https://api.example.com/v1/orders.read"
    rule = Rule(issuers=("cognito",), scopes_all=(scope,))
    route = Route("GET /x", "orders", "lambda", rule)
    clients = (MachineClient("machine", (scope,)),)
    table = replace(ACCESS, scopes={scope: "-"}, clients=clients, routes=(route,))
    server = synthesise(folder, access=table, clients={}).only(
        "AWS::Cognito::UserPoolResourceServer"
    )
    assert server["Identifier"] == "https://api.example.com/v1"
    assert server["Name"] == "https-api.example.com-v1"
    assert server["Scopes"] == [{"ScopeName": "orders.read", "ScopeDescription": "-"}]


def test_nobody_signs_up_unless_the_stage_says_so(dev: Synthesis, folder: Path) -> None:
    pool = dev.only("AWS::Cognito::UserPool")
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    opened = synthesise(folder, self_sign_up=True).only("AWS::Cognito::UserPool")
    assert opened["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": False}


@pytest.mark.parametrize(
    ("mfa", "configuration", "factors"),
    [
        ("off", "OFF", None),
        ("optional", "OPTIONAL", ["SOFTWARE_TOKEN_MFA"]),
        ("required", "ON", ["SOFTWARE_TOKEN_MFA"]),
    ],
)
def test_the_second_factor_is_an_authenticator_app_and_never_a_text_message(
    folder: Path, mfa: str, configuration: str, factors: list[str] | None
) -> None:
    pool = synthesise(folder, mfa=mfa).only("AWS::Cognito::UserPool")
    assert pool["MfaConfiguration"] == configuration
    assert pool.get("EnabledMfas") == factors
    assert "SmsConfiguration" not in pool


@pytest.mark.parametrize(
    ("form", "host"), [("original", "cognito-idp"), ("updated", "issuer-cognito-idp")]
)
def test_the_stage_chooses_the_issuer_form_of_pool_gateway_and_function(
    folder: Path, form: str, host: str
) -> None:
    made = synthesise(folder, cognito_issuer=form)
    pool = made.only("AWS::Cognito::UserPool")
    assert pool["IssuerConfiguration"] == {"Type": form.upper()}
    scheme_and_host = f"https://{host}."
    assert made.identity["Outputs"]["Issuer"]["Value"]["Fn::Join"][1][0] == scheme_and_host
    issuer = made.authorizer_of("GET /me")["JwtConfiguration"]["Issuer"]
    assert issuer["Fn::Join"][1][0] == scheme_and_host
    variables = made.function("authorizer")["Environment"]["Variables"]
    assert f'"issuer":"{scheme_and_host}' in variables["ISSUERS"]["Fn::Join"][1][0]


def test_the_resource_server_has_the_scopes_of_the_table(dev: Synthesis) -> None:
    server = dev.only("AWS::Cognito::UserPoolResourceServer")
    assert (server["Identifier"], server["Name"]) == ("orders", "orders")
    assert [scope["ScopeName"] for scope in server["Scopes"]] == ["read", "write"]


def test_the_groups_are_those_of_the_table_and_admins_win(dev: Synthesis) -> None:
    groups = [item["Properties"] for _, item in dev.resources("AWS::Cognito::UserPoolGroup")]
    assert [(group["GroupName"], group["Precedence"]) for group in groups] == [
        ("admins", 0),
        ("support", 1),
        ("buyers", 2),
    ]


def test_people_sign_in_under_a_domain_that_no_other_account_has(
    dev: Synthesis, folder: Path
) -> None:
    domain = dev.only("AWS::Cognito::UserPoolDomain")
    assert domain["Domain"] == {
        "Fn::Join": ["", ["jwt-authorizer-dev-", {"Ref": "AWS::AccountId"}]]
    }
    assert domain["ManagedLoginVersion"] == 2
    named = synthesise(folder, domain_prefix="shop-dev").only("AWS::Cognito::UserPoolDomain")
    assert named["Domain"] == "shop-dev"


@pytest.mark.parametrize(
    ("claims", "warned"),
    [({"locale": "en"}, True), ({"email": "a@example.com"}, False), ({"tenant": "acme"}, False)],
)
def test_synth_warns_of_a_rule_that_rests_on_a_users_own_word(
    folder: Path, claims: dict[str | ClaimPath, ClaimValue], warned: bool
) -> None:
    rule = Rule(issuers=("cognito",), claims=claims)
    routes = (Route("GET /x", "whoami", "lambda", rule),)
    synthesise(folder, access=replace(ACCESS, routes=routes))
    written = "".join(path.read_text() for path in folder.glob("*.json"))
    assert ("GET /x rests on the claim 'locale', which users can change" in written) is warned


def test_the_pool_asks_the_function_what_its_tokens_say(dev: Synthesis, folder: Path) -> None:
    trigger = dev.only("AWS::Cognito::UserPool")["LambdaConfig"]["PreTokenGenerationConfig"]
    assert trigger["LambdaVersion"] == "V2_0"
    function, _ = trigger["LambdaArn"]["Fn::GetAtt"]
    properties = dev.identity["Resources"][function]["Properties"]
    assert properties["Handler"] == "token_claims.handler.handler"
    assert properties["Timeout"] < 5
    silent = synthesise(folder, tenant_claim=False)
    assert "LambdaConfig" not in silent.only("AWS::Cognito::UserPool")
    assert not [name for name, _ in silent.resources("AWS::Lambda::Function") if "Claims" in name]


def test_only_the_pool_may_call_the_function(dev: Synthesis) -> None:
    permissions = [item["Properties"] for _, item in dev.resources("AWS::Lambda::Permission")]
    [permission] = [item for item in permissions if "cognito" in item["Principal"]]
    [(pool, _)] = dev.resources("AWS::Cognito::UserPool")
    assert permission["SourceArn"] == {"Fn::GetAtt": [pool, "Arn"]}


def test_the_template_says_what_a_script_needs(dev: Synthesis) -> None:
    named = {"UserPoolId", "Issuer", "SignInUrl", "WebClientId", "CliClientId", "MachineClientId"}
    assert named <= set(dev.identity["Outputs"])
    of_api = {"ApiUrl", "PageUrl", "AuthorizerLogGroup", "AccessLogGroup", "PageBackendClientId"}
    assert set(dev.api["Outputs"]) == of_api
    decisions = dev.api["Outputs"]["AuthorizerLogGroup"]["Value"]["Ref"]
    assert dev.api["Resources"][decisions]["Type"] == "AWS::Logs::LogGroup"
