"""A cloud assembly as CDK writes it -> what is served, or a refusal with its place."""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from local.errors import LocalError, TemplateUnsupported
from local.template.lambda_ignored_properties import IGNORED_PROPERTIES
from local.template.local_app import (
    JwtAuthorizerConfig,
    LambdaAuthorizerConfig,
    LocalApp,
    ThrottleConfig,
)
from local.template.read import read_local_app

VARIABLES = ("Function", "Properties", "Environment", "Variables")
IDENTITY: dict[str, Any] = {
    "Resources": {
        "Pool": {
            "Type": "AWS::Cognito::UserPool",
            "Properties": {
                "UsernameAttributes": ["email"],
                "MfaConfiguration": "OPTIONAL",
                "UserPoolTier": {"Fn::If": ["nothing", "resolves", "this"]},
            },
        },
        "Web": {
            "Type": "AWS::Cognito::UserPoolClient",
            "Properties": {
                "UserPoolId": {"Ref": "Pool"},
                "AccessTokenValidity": 15,
                "TokenValidityUnits": {"AccessToken": "minutes"},
                "AllowedOAuthFlows": ["code"],
                "AllowedOAuthFlowsUserPoolClient": True,
            },
        },
        "Admins": {
            "Type": "AWS::Cognito::UserPoolGroup",
            "Properties": {"UserPoolId": {"Ref": "Pool"}, "GroupName": "admins", "Precedence": 0},
        },
        "Orders": {
            "Type": "AWS::Cognito::UserPoolResourceServer",
            "Properties": {
                "UserPoolId": {"Ref": "Pool"},
                "Identifier": "orders",
                "Name": "orders",
                "Scopes": [{"ScopeName": "read", "ScopeDescription": "See"}],
            },
        },
    },
    "Outputs": {
        "PoolId": {"Value": {"Ref": "Pool"}},
        "WebId": {
            "Value": {"Ref": "Web"},
            "Export": {"Name": {"Fn::Sub": "${AWS::StackName}:Web"}},
        },
    },
}
API: dict[str, Any] = {
    "Resources": {
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Code": {
                    "S3Bucket": {"Fn::Sub": "assets-${AWS::AccountId}-${AWS::Region}"},
                    "S3Key": "abc.zip",
                },
                "Handler": "orders.handler.handler",
                "Runtime": "python3.14",
                "Timeout": 5,
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Environment": {
                    "Variables": {
                        "POOL": {
                            "Fn::GetStackOutput": {"StackName": "Identity", "OutputName": "PoolId"}
                        },
                        "ODD": {"Fn::Sub": ["${!A}${B}", {"B": {"Ref": "AWS::URLSuffix"}}]},
                    }
                },
            },
        },
        "Role": {"Type": "AWS::IAM::Role", "Properties": {}},
        "Permission": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "Action": "lambda:InvokeFunction",
                "FunctionName": {"Fn::GetAtt": ["Function", "Arn"]},
                "Principal": "apigateway.amazonaws.com",
            },
        },
        "Api": {
            "Type": "AWS::ApiGatewayV2::Api",
            "Properties": {"Name": "Api", "ProtocolType": "HTTP"},
        },
        "Stage": {
            "Type": "AWS::ApiGatewayV2::Stage",
            "Properties": {
                "ApiId": {"Ref": "Api"},
                "StageName": "$default",
                "AutoDeploy": True,
                "DefaultRouteSettings": {"ThrottlingRateLimit": 5, "ThrottlingBurstLimit": 9},
            },
        },
        "Integration": {
            "Type": "AWS::ApiGatewayV2::Integration",
            "Properties": {
                "ApiId": {"Ref": "Api"},
                "IntegrationType": "AWS_PROXY",
                "IntegrationUri": {"Fn::GetAtt": ["Function", "Arn"]},
                "PayloadFormatVersion": "2.0",
            },
        },
        "Jwt": {
            "Type": "AWS::ApiGatewayV2::Authorizer",
            "Properties": {
                "ApiId": {"Ref": "Api"},
                "AuthorizerType": "JWT",
                "Name": "jwt",
                "IdentitySource": ["$request.header.Authorization"],
                "JwtConfiguration": {
                    "Audience": [{"Fn::ImportValue": "Identity:Web"}],
                    "Issuer": {
                        "Fn::Join": [
                            "",
                            [
                                "https://cognito-idp.",
                                {"Ref": "AWS::Region"},
                                ".amazonaws.com/",
                                {
                                    "Fn::GetStackOutput": {
                                        "StackName": "Identity",
                                        "OutputName": "PoolId",
                                    }
                                },
                            ],
                        ]
                    },
                },
            },
        },
        "Tokens": {
            "Type": "AWS::ApiGatewayV2::Authorizer",
            "Properties": {
                "ApiId": {"Ref": "Api"},
                "AuthorizerType": "REQUEST",
                "Name": "tokens",
                "AuthorizerPayloadFormatVersion": "2.0",
                "EnableSimpleResponses": True,
                "AuthorizerResultTtlInSeconds": 60,
                "IdentitySource": ["$request.header.Authorization", "$context.routeKey"],
                "AuthorizerUri": {
                    "Fn::Join": [
                        "",
                        [
                            "arn:",
                            {"Ref": "AWS::Partition"},
                            ":apigateway:eu-west-1:lambda:path/2015-03-31/functions/",
                            {"Fn::GetAtt": ["Function", "Arn"]},
                            "/invocations",
                        ],
                    ]
                },
            },
        },
        "Me": {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {
                "ApiId": {"Ref": "Api"},
                "RouteKey": "GET /me",
                "AuthorizationType": "JWT",
                "AuthorizerId": {"Ref": "Jwt"},
                "AuthorizationScopes": ["orders/read"],
                "Target": {"Fn::Join": ["", ["integrations/", {"Ref": "Integration"}]]},
            },
        },
        "List": {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {
                "ApiId": {"Ref": "Api"},
                "RouteKey": "GET /orders",
                "AuthorizationType": "CUSTOM",
                "AuthorizerId": {"Ref": "Tokens"},
                "Target": {"Fn::Join": ["", ["integrations/", {"Ref": "Integration"}]]},
            },
        },
    }
}

Read = Callable[..., LocalApp]


def assembly(folder: Path, identity: Any, api: Any) -> Path:
    environment = "aws://123456789012/eu-west-1"
    artifacts: dict[str, Any] = {
        name: {
            "type": "aws:cloudformation:stack",
            "environment": environment,
            "properties": {"templateFile": f"{name}.json"},
        }
        for name in ("Identity", "Api")
    }
    artifacts["assets"] = {"type": "cdk:asset-manifest", "properties": {"file": "assets.json"}}
    files = {
        "abc": {"source": {"path": "asset.abc"}, "destinations": {"here": {"objectKey": "abc.zip"}}}
    }
    documents = {
        "manifest": {"artifacts": artifacts},
        "assets": {"files": files},
        "Identity": identity,
        "Api": api,
    }
    for name, document in documents.items():
        (folder / f"{name}.json").write_text(json.dumps(document))
    return folder


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads the assembly after changes: `(logical_id, *path) -> value`; None removes."""

    def read_changed(changes: dict[tuple[str, ...], Any] | None = None) -> LocalApp:
        identity, api = deepcopy(IDENTITY), deepcopy(API)
        for (logical_id, *path), value in (changes or {}).items():
            template: Any = identity if logical_id in identity["Resources"] else api
            *parents, last = ("Resources", logical_id, *path)
            for name in parents:
                template = template.setdefault(name, {})
            if value is None:
                del template[last]
            else:
                template[last] = value
        return read_local_app(assembly(tmp_path, identity, api))

    return read_changed


def test_what_the_template_says_is_resolved(read: Read, tmp_path: Path) -> None:
    app = read()
    function, pool = app.functions[0], app.pools[0]
    assert function.environment == {"POOL": pool.id, "ODD": "${A}amazonaws.com"}
    assert function.code_folder == tmp_path / "asset.abc"
    assert (function.timeout_seconds, function.memory_mb, function.label) == (5, 128, "orders")
    assert pool.issuer == f"https://cognito-idp.eu-west-1.amazonaws.com/{pool.id}"
    assert pool.clients[0].access_token_seconds == 900
    assert pool.clients[0].id_token_seconds == 3600
    assert [server.scope_names for server in pool.resource_servers] == [("read",)]
    me, orders = app.api.routes
    assert isinstance(me.authorizer, JwtAuthorizerConfig)
    assert (me.authorizer.issuer, me.authorizer.audiences) == (pool.issuer, (pool.clients[0].id,))
    assert me.scopes == ("orders/read",)
    assert isinstance(orders.authorizer, LambdaAuthorizerConfig)
    assert orders.authorizer.function_name == function.name
    assert app.api.stages[0].throttle == ThrottleConfig(5, 9)


def test_the_same_template_has_the_same_ids_in_awss_form(read: Read) -> None:
    first, second = read(), read()
    assert first == second
    assert first.pools[0].id.startswith("eu-west-1_")
    assert len(first.pools[0].clients[0].id) == 26


ALIASED: dict[tuple[str, ...], dict[str, Any]] = {
    ("Version",): {
        "Type": "AWS::Lambda::Version",
        "Properties": {"FunctionName": {"Ref": "Function"}},
    },
    ("Live",): {
        "Type": "AWS::Lambda::Alias",
        "Properties": {
            "FunctionName": {"Ref": "Function"},
            "FunctionVersion": {"Fn::GetAtt": ["Version", "Version"]},
            "Name": "live",
            "ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": 2},
        },
        "UpdatePolicy": {"CodeDeployLambdaAliasUpdate": {"ApplicationName": {"Ref": "Canary"}}},
    },
    ("Canary",): {"Type": "AWS::CodeDeploy::Application", "Properties": {}},
}
INVOKED = ("Tokens", "Properties", "AuthorizerUri", "Fn::Join")


def invoked(qualified: str) -> list[Any]:
    functions = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/"
    return ["", [functions, {"Ref": qualified}, "/invocations"]]


def permission(qualified: str) -> dict[str, Any]:
    return {
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "Action": "lambda:InvokeFunction",
            "FunctionName": {"Ref": qualified},
            "Principal": "apigateway.amazonaws.com",
        },
    }


@pytest.mark.parametrize(("named", "qualifier"), [("Live", "live"), ("Version", "1")])
def test_an_alias_or_a_version_is_the_function_that_it_stands_for(
    read: Read, named: str, qualifier: str
) -> None:
    app = read({**ALIASED, INVOKED: invoked(named), ("OfNamed",): permission(named)})
    authorizer = app.api.routes[1].authorizer
    assert isinstance(authorizer, LambdaAuthorizerConfig)
    assert authorizer.function_name == app.functions[0].name
    assert authorizer.qualifier == qualifier
    assert app.deployed_only["AWS::CodeDeploy::Application"] == 1
    assert not {"AWS::Lambda::Alias", "AWS::Lambda::Version"} & app.deployed_only.keys()


def test_a_permission_of_the_function_opens_none_of_its_aliases(read: Read) -> None:
    with pytest.raises(TemplateUnsupported, match="invoke Api-Function:live for the SourceArn"):
        read({**ALIASED, INVOKED: invoked("Live")})


def test_a_permission_of_an_alias_opens_nothing_else_of_the_function(read: Read) -> None:
    with pytest.raises(TemplateUnsupported, match="invoke Api-Function for the SourceArn"):
        read({**ALIASED, ("Permission",): permission("Live")})


@pytest.mark.parametrize(
    ("alias", "problem"),
    [
        ({"RoutingConfig": {"AdditionalVersionWeights": []}}, "sharing calls out is not modelled"),
        ({"FunctionName": "somebody-elses"}, "somebody-elses is not a function of this app"),
        ({"FunctionName": {"Ref": "Role"}}, "Api-Role is not a function of this app"),
    ],
)
def test_an_alias_that_cannot_be_served_is_refused(
    read: Read, alias: dict[str, Any], problem: str
) -> None:
    changed = deepcopy(ALIASED)
    changed[("Live",)]["Properties"].update(alias)
    with pytest.raises(TemplateUnsupported, match=rf"Api.Live.*{problem}"):
        read(changed)


def test_the_updated_issuer_form_is_the_pools_issuer(read: Read) -> None:
    app = read({("Pool", "Properties", "IssuerConfiguration"): {"Type": "UPDATED"}})
    assert app.pools[0].issuer.startswith("https://issuer-cognito-idp.eu-west-1.amazonaws.com/")


@pytest.mark.parametrize("in_a_file", [True, False])
def test_what_synth_warned_of_is_known_once_and_without_the_id_to_acknowledge_it(
    tmp_path: Path, *, in_a_file: bool
) -> None:
    folder = assembly(tmp_path, IDENTITY, API)
    entries = [
        {"type": "aws:cdk:logicalId", "data": "Api"},
        {"type": "aws:cdk:warning", "data": "it is open [ack: app:open]"},
        {"type": "aws:cdk:warning", "data": "it is old"},
    ]
    metadata = {"/Api": entries, "/Api/Same": entries, "/Api/None": []}
    manifest = json.loads((folder / "manifest.json").read_text())
    stack = manifest["artifacts"]["Api"]
    if in_a_file:
        stack["additionalMetadataFile"] = "Api.metadata.json"
        (folder / "Api.metadata.json").write_text(json.dumps(metadata))
    else:
        stack["metadata"] = metadata
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert read_local_app(folder).warnings == ("it is open", "it is old")


def test_a_stack_without_an_environment_gets_one(tmp_path: Path) -> None:
    folder = assembly(tmp_path, IDENTITY, API)
    manifest = (folder / "manifest.json").read_text()
    unknown = manifest.replace("123456789012/eu-west-1", "unknown-account/unknown-region")
    (folder / "manifest.json").write_text(unknown)
    assert read_local_app(folder).api.region == "us-east-1"


@pytest.mark.parametrize(
    ("change", "value", "place"),
    [
        (
            ("Me", "Properties", "AuthorizationType"),
            "AWS_IAM",
            "Api.Me, property AuthorizationType",
        ),
        (("Me", "Properties", "ModelSelectionExpression"), "x", "ModelSelectionExpression"),
        (("Me", "Properties", "AuthorizationType"), "CUSTOM", "does not fit its authorizer"),
        (("Me", "Properties", "AuthorizerId"), "nobody", "Api.Me, property AuthorizerId"),
        (("Me", "Properties", "RouteKey"), "FETCH /me", "Api.Me, property RouteKey"),
        (("Me", "Properties", "Target"), "integrations/none", "Api.Me, property Target"),
        (("List", "Properties", "AuthorizationScopes"), ["a"], "only valid with a JWT authorizer"),
        (
            ("Tokens", "Properties", "AuthorizerPayloadFormatVersion"),
            "1.0",
            "policy responses only",
        ),
        (("Tokens", "Properties", "AuthorizerPayloadFormatVersion"), "3.0", "use 1.0 or 2.0"),
        (("Tokens", "Properties", "AuthorizerCredentialsArn"), "x", "AuthorizerCredentialsArn"),
        (("Tokens", "Properties", "IdentitySource"), ["$request.body.x"], "IdentitySource"),
        (("Tokens", "Properties", "IdentitySource"), [], "needs an identity source"),
        (("Tokens", "Properties", "AuthorizerUri"), "arn:aws:x", "AuthorizerUri"),
        (("Tokens", "Properties", "AuthorizerResultTtlInSeconds"), 3601, "not within 0 to 3600"),
        (("Jwt", "Properties", "IdentitySource"), ["$context.routeKey"], "JWT authorizer needs"),
        (("Jwt", "Properties", "JwtConfiguration", "Extra"), "x", "JwtConfiguration.Extra"),
        (("Integration", "Properties", "IntegrationType"), "MOCK", "IntegrationType"),
        (("Integration", "Properties", "RequestParameters"), {"a": "b"}, "RequestParameters"),
        (
            ("Integration", "Properties", "IntegrationUri"),
            "arn:other",
            "not a function of this app",
        ),
        (("Stage", "Properties", "AutoDeploy"), False, "Api.Stage, property AutoDeploy"),
        (("Stage", "Properties", "RouteSettings"), {"a": {}}, "Api.Stage, property RouteSettings"),
        (("Api", "Properties", "ProtocolType"), "WEBSOCKET", "Api.Api, property ProtocolType"),
        (("Api", "Properties", "CorsConfiguration"), {"MaxAge": "x"}, "CorsConfiguration.MaxAge"),
        (("Function", "Properties", "Runtime"), "nodejs24.x", "use a Python runtime"),
        (("Function", "Properties", "Code", "S3Key"), "other.zip", "Code.S3Key"),
        (("Function", "Properties", "Timeout"), "5", "Api.Function, property Timeout"),
        (VARIABLES, {"MY-BAD": "x"}, "property Environment.Variables.MY-BAD: Lambda takes names"),
        (VARIABLES, {"A": "x"}, "property Environment.Variables.A: Lambda takes names"),
        (VARIABLES, {"_HANDLER": "x"}, "property Environment.Variables._HANDLER: Lambda takes"),
        (VARIABLES, {"1ST": "x"}, "property Environment.Variables.1ST: Lambda takes names"),
        (VARIABLES, {"NAME ": "x"}, "property Environment.Variables.NAME : Lambda takes names"),
        (VARIABLES, {"AWS_REGION": "x"}, "Environment.Variables.AWS_REGION: Lambda sets it itself"),
        (VARIABLES, {"LONG": "x" * 4086}, "Environment.Variables: they have 4097 bytes as JSON"),
        (VARIABLES, {"LONG": "ü" * 2043 + "x"}, "Variables: they have 4098 bytes as JSON"),
        (VARIABLES, {"ONE": "x" * 2000, "TWO": "x" * 2090}, "Environment.Variables: they have 41"),
        (("Function", "Properties", "Environment", "Extra"), "x", "property Environment.Extra"),
        (("Function", "Properties", "EphemeralStorage"), {"Size": 511}, "EphemeralStorage.Size"),
        (("Function", "Properties", "EphemeralStorage"), {"Size": 10241}, "EphemeralStorage.Size"),
        (("Function", "Properties", "ReservedConcurrentExecutions"), "2", "ReservedConcurrent"),
        (
            ("Function", "Properties", "Environment", "Variables", "A"),
            {"Fn::Select": [0, ["x"]]},
            "the intrinsic Fn::Select",
        ),
        (
            ("Function", "Properties", "Environment", "Variables", "A"),
            {"Ref": "Nothing"},
            "refers to Nothing",
        ),
        (
            ("Function", "Properties", "Environment", "Variables", "A"),
            {"Fn::GetAtt": ["Role", "RoleId"]},
            "RoleId of a AWS::IAM::Role is not modelled",
        ),
        (
            ("Function", "Properties", "Environment", "Variables", "A"),
            {"Fn::ImportValue": "nothing"},
            "no stack of this app exports nothing",
        ),
        (
            ("Pool", "Properties", "MfaConfiguration"),
            "SOMETIMES",
            "Identity.Pool, property MfaConfiguration",
        ),
        (("Pool", "Properties", "LambdaConfig"), {"PreSignUp": "x"}, "property LambdaConfig"),
        (("Web", "Properties", "AllowedOAuthFlows"), ["implicit"], "the implicit grant"),
        (("Web", "Condition"), "Prod", "Identity.Web: conditions are not modelled"),
        (("Role", "Type"), "AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventSourceMapping"),
        (("Role", "Type"), "AWS::ApiGatewayV2::VpcLink", "AWS::ApiGatewayV2::VpcLink"),
    ],
)
def test_what_is_not_modelled_is_refused_with_its_place(
    read: Read, change: tuple[str, ...], value: Any, place: str
) -> None:
    with pytest.raises(TemplateUnsupported) as raised:
        read({change: value})
    assert place in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_function_runs_without_its_layers_and_the_start_says_so(read: Read) -> None:
    arn = "arn:aws:lambda:eu-west-1:111122223333:layer:fonts:7"
    app = read({("Function", "Properties", "Layers"): [arn]})
    [warning] = app.warnings
    assert warning.startswith(f"function {app.functions[0].label} runs without its layers, whose")
    assert warning.endswith(arn)


def test_variables_may_fill_four_kilobytes(read: Read) -> None:
    [function] = read({VARIABLES: {"LONG": "x" * 4085}}).functions
    assert len(function.environment["LONG"]) == 4085


def test_a_function_has_the_size_of_tmp_and_the_concurrency_of_its_template(read: Read) -> None:
    [function] = read({}).functions
    assert (function.tmp_mb, function.reserved_concurrency) == (512, None)
    changes: dict[tuple[str, ...], Any] = {
        ("Function", "Properties", "EphemeralStorage"): {"Size": 1024},
        ("Function", "Properties", "ReservedConcurrentExecutions"): 0,
    }
    [function] = read(changes).functions
    assert (function.tmp_mb, function.reserved_concurrency) == (1024, 0)


@pytest.mark.parametrize("name", sorted({*IGNORED_PROPERTIES} - {"FunctionName"}))
def test_a_property_of_a_function_without_effect_is_accepted(read: Read, name: str) -> None:
    path = ("Function", "Properties", *name.split("."))
    before = read({("Function", "Properties", "LoggingConfig"): {}}).functions
    after = read(
        {("Function", "Properties", "LoggingConfig"): {}, path: {"any": "value"}}
    ).functions
    assert after == before


def test_exactly_one_api_is_served(read: Read) -> None:
    with pytest.raises(LocalError, match="2 HTTP APIs"):
        read({("Role",): API["Resources"]["Api"]})


@pytest.mark.parametrize("spoil", [b"", b"{", b"[]", b"\xff", None])
@pytest.mark.parametrize("name", ["manifest.json", "Api.json", "assets.json"])
def test_a_spoilt_assembly_is_one_clear_line(
    read: Read, tmp_path: Path, name: str, spoil: bytes | None
) -> None:
    read()
    [path] = tmp_path.rglob(name)
    path.unlink() if spoil is None else path.write_bytes(spoil)
    with pytest.raises(LocalError) as raised:
        read_local_app(path.parent)
    assert re.fullmatch(
        rf"{path} is not what synth wrote \(.+\); remove .+ and start again", str(raised.value)
    )
