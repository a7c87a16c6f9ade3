"""What API Gateway would refuse, or we do not model, stops the start with its logical id."""

from typing import Any

import pytest

from local.errors import LocalError

from .conftest import Serve
from .refusal import refusal
from .templates import (
    function,
    http_integration,
    jwt_authorizer,
    lambda_authorizer,
    lambda_integration,
    owned,
    resource,
    route,
    stage,
)

BACKEND = "http://127.0.0.1:1"
HEADER = "$request.header.Authorization"


@pytest.mark.parametrize(
    "uri",
    [
        "ftp://x/",
        "x/y",
        "//x/y",
        "arn:aws:elasticloadbalancing:x",
        "http://",
        "http:///x",
        "http://{host}/",
        "http://user@x/",
        "https://x/a{b}{",
        "https://x/#top",
        "https://x/${context.y}",
        "https://x/?q={proxy}",
        "file:///etc/passwd",
    ],
)
def test_only_http_addresses_are_backends(serve: Serve, uri: str) -> None:
    told = refusal(serve, route("GET /{proxy+}", "Back"), Back=http_integration(uri))
    assert told.startswith("Stack.Back, property IntegrationUri")


def test_an_address_needs_the_routes_parameters_and_the_stages_variables(serve: Serve) -> None:
    told = refusal(serve, route("GET /{id}", "Back"), Back=http_integration(f"{BACKEND}/{{name}}"))
    assert told.startswith("Stack.Route0, property Target")
    assert "{name}" in told
    told = refusal(
        serve,
        route("GET /a", "Back"),
        Back=http_integration("http://${stageVariables.host}/"),
        Beta=stage("beta", StageVariables={"host": "127.0.0.1"}),
    )
    assert told.startswith("Stack.Stage, property StageVariables.host")


@pytest.mark.parametrize("kind", ["MOCK", "AWS", "HTTP", "AWS_PROXY_X"])
def test_other_integrations_are_refused(serve: Serve, kind: str) -> None:
    back = owned("Integration", IntegrationType=kind, IntegrationUri=BACKEND)
    assert refusal(serve, Back=back).startswith("Stack.Back, property IntegrationType")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ConnectionType", "VPC_LINK"),
        ("ConnectionId", "x"),
        ("TlsConfig", {"ServerNameToVerify": "x"}),
        ("IntegrationSubtype", "SQS-SendMessage"),
        ("CredentialsArn", "arn:aws:iam::123456789012:role/x"),
        ("RequestTemplates", {}),
        ("TimeoutInMillis", 30_001),
        ("TimeoutInMillis", 49),
        ("PayloadFormatVersion", "2.0"),
        ("IntegrationMethod", "TRACE"),
    ],
)
def test_an_integrations_other_settings_are_refused(serve: Serve, name: str, value: Any) -> None:
    back = http_integration(BACKEND)
    back["Properties"][name] = value
    assert refusal(serve, Back=back).startswith(f"Stack.Back, property {name}")


def test_request_parameters_of_a_function_are_refused(serve: Serve) -> None:
    back = lambda_integration(RequestParameters={"append:header.x": "y"})
    assert refusal(serve, Back=back).startswith("Stack.Back, property RequestParameters")


@pytest.mark.parametrize("version", ["3.0", None])
def test_a_function_needs_a_known_payload_format(serve: Serve, version: str | None) -> None:
    back = lambda_integration()
    back["Properties"]["PayloadFormatVersion"] = version
    assert refusal(serve, Back=back).startswith("Stack.Back, property PayloadFormatVersion")


@pytest.mark.parametrize(
    "keys",
    [
        ("FETCH /a",),
        ("GET a",),
        ("GET",),
        ("$connect",),
        ("GET /{a+}/b",),
        ("GET /{a}b",),
        ("GET /{a",),
        ("GET /{}",),
        ("GET /{a}/{a}",),
        ("GET /a/",),
        ("ANY /a/{b}/",),
        ("GET //",),
        ("GET /a//b",),
        ("GET //a",),
        ("GET /a", "GET /a"),
        ("GET /{a}", "GET /{b}"),
        ("GET /x/{a+}", "GET /x/{b+}"),
        ("$default", "$default"),
    ],
)
def test_a_route_key_that_api_gateway_would_not_take_is_refused(
    serve: Serve, keys: tuple[str, ...]
) -> None:
    told = refusal(serve, *map(route, keys))
    assert told.startswith(f"Stack.Route{len(keys) - 1}, property RouteKey")


def test_a_route_key_with_a_trailing_slash_is_refused_in_words(serve: Serve) -> None:
    told = refusal(serve, route("GET /orders/"))
    assert "'GET /orders/' ends in a slash" in told
    assert told.endswith("leave it out")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AuthorizationType", "AWS_IAM"),
        ("AuthorizationType", "JWT"),
        ("AuthorizationScopes", ["a"]),
        ("AuthorizerId", "x"),
        ("ApiKeyRequired", True),
        ("RequestParameters", {}),
        ("Target", "integrations/none"),
        ("ApiId", "another"),
    ],
)
def test_a_routes_other_settings_are_refused(serve: Serve, name: str, value: Any) -> None:
    one = route("GET /a", "Lambda2", "Tokens") if name != "AuthorizerId" else route("GET /a")
    one["Properties"][name] = value
    told = refusal(serve, one, Tokens=lambda_authorizer(HEADER))
    assert told.startswith(f"Stack.Route0, property {name}")


def test_eleven_scopes_are_too_many(serve: Serve) -> None:
    scopes = [f"s{number}" for number in range(11)]
    told = refusal(
        serve, route("GET /a", "Lambda2", "Jwt", *scopes), Jwt=jwt_authorizer("https://x")
    )
    assert told.startswith("Stack.Route0, property AuthorizationScopes")


@pytest.mark.parametrize(
    ("authorizer", "name"),
    [
        (jwt_authorizer("https://x", "$context.routeKey"), "IdentitySource"),
        (jwt_authorizer("https://x", "$request.body.x"), "IdentitySource"),
        (jwt_authorizer("https://x", HEADER, *map(str, range(51))), "JwtConfiguration.Audience"),
        (lambda_authorizer("$request.cookie.x"), "IdentitySource"),
        (lambda_authorizer(ttl_seconds=1), "IdentitySource"),
        (lambda_authorizer(HEADER, ttl_seconds=3601), "AuthorizerResultTtlInSeconds"),
        (lambda_authorizer(HEADER, payload="1.0", simple=True), "EnableSimpleResponses"),
        (lambda_authorizer(HEADER, payload="3.0"), "AuthorizerPayloadFormatVersion"),
    ],
)
def test_an_authorizer_that_api_gateway_would_not_take_is_refused(
    serve: Serve, authorizer: dict[str, Any], name: str
) -> None:
    assert refusal(serve, Odd=authorizer).startswith(f"Stack.Odd, property {name}")


@pytest.mark.parametrize(
    ("kind", "name"),
    [("JWT", "IdentityValidationExpression"), ("REQUEST", "AuthorizerCredentialsArn")],
)
def test_an_authorizers_other_settings_are_refused(serve: Serve, kind: str, name: str) -> None:
    odd = jwt_authorizer("https://x") if kind == "JWT" else lambda_authorizer(HEADER)
    odd["Properties"][name] = "x"
    assert refusal(serve, Odd=odd).startswith(f"Stack.Odd, property {name}")


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"AutoDeploy": False}, "AutoDeploy"),
        ({"DeploymentId": "x"}, "DeploymentId"),
        ({"ClientCertificateId": "x"}, "ClientCertificateId"),
        ({"StageName": "a/b"}, "StageName"),
        ({"RouteSettings": {"GET /b": {}}}, "RouteSettings.GET /b"),
        ({"RouteSettings": {"GET /a": {"LoggingLevel": "INFO"}}}, "RouteSettings.GET /a.Logging"),
        ({"DefaultRouteSettings": {"ThrottlingRateLimit": 1}}, "DefaultRouteSettings.Throttling"),
        ({"DefaultRouteSettings": {"DataTraceEnabled": True}}, "DefaultRouteSettings.DataTrace"),
    ],
)
def test_a_stages_other_settings_are_refused(
    serve: Serve, changes: dict[str, Any], name: str
) -> None:
    one = stage()
    one["Properties"] |= changes
    assert refusal(serve, Stage=one).startswith(f"Stack.Stage, property {name}")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ProtocolType", "WEBSOCKET"),
        ("RouteSelectionExpression", "$request.body.action"),
        ("DisableExecuteApiEndpoint", True),
        ("Body", {}),
        ("BodyS3Location", {}),
        ("Target", BACKEND),
        ("RouteKey", "GET /a"),
        ("CredentialsArn", "x"),
        ("CorsConfiguration", {"MaxAge": True}),
        ("CorsConfiguration", {"AllowOrigin": "*"}),
        ("ApiKeySelectionExpression", "x"),
    ],
)
def test_an_apis_other_settings_are_refused(serve: Serve, name: str, value: Any) -> None:
    api = resource("Api", Name="Api", ProtocolType="HTTP")
    api["Properties"][name] = value
    assert refusal(serve, Api=api).startswith(f"Stack.Api, property {name}")


@pytest.mark.parametrize(
    "kind",
    [
        "AWS::ApiGatewayV2::VpcLink",
        "AWS::ApiGatewayV2::Deployment",
        "AWS::ApiGatewayV2::IntegrationResponse",
        "AWS::ApiGatewayV2::ApiGatewayManagedOverrides",
        "AWS::ApiGateway::RestApi",
        "AWS::Lambda::Url",
        "AWS::Lambda::EventInvokeConfig",
        "AWS::Serverless::HttpApi",
        "AWS::CloudFormation::Stack",
    ],
)
def test_an_unknown_type_of_resource_is_refused(serve: Serve, kind: str) -> None:
    told = refusal(serve, Odd={"Type": kind, "Properties": {}})
    assert told == f"Stack.Odd: the type {kind} is not modelled"


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"ApiId": "another"}, "ApiId"),
        ({"ApiMappingKey": "v1"}, "ApiMappingKey"),
        ({"Stage": "test"}, "Stage"),
        ({"Odd": 1}, "Odd"),
    ],
)
def test_a_name_for_anything_but_the_whole_api_is_refused(
    serve: Serve, changes: dict[str, Any], name: str
) -> None:
    mapping = resource("ApiMapping", ApiId={"Ref": "Api"}, DomainName="a.example", Stage="$default")
    mapping["Properties"] |= changes
    assert refusal(serve, Mapping=mapping).startswith(f"Stack.Mapping, property {name}")


def test_a_second_name_of_an_api_is_refused(serve: Serve) -> None:
    one = resource("ApiMapping", ApiId={"Ref": "Api"}, DomainName="a.example", Stage="$default")
    told = refusal(serve, Mapping=one, Other=one)
    assert told == "Stack.Other, property ApiId: several names of one API are not modelled"


def test_a_second_api_is_refused(serve: Serve) -> None:
    with pytest.raises(LocalError, match="2 HTTP APIs"):
        serve(route("GET /a"), Other=resource("Api", Name="Other", ProtocolType="HTTP"))


@pytest.mark.parametrize(
    "changes",
    [
        {"Principal": "events.amazonaws.com"},
        {"Action": "lambda:GetFunction"},
        {"FunctionName": {"Ref": "AuthorizerFunction"}},
        {"SourceArn": "arn:aws:execute-api:eu-west-1:123456789012:another/*"},
        {"SourceArn": {"Fn::Join": ["", ["arn:aws:execute-api:*:", {"Ref": "Api"}, "/*/*/b"]]}},
    ],
)
def test_a_function_that_api_gateway_may_not_invoke_is_refused(
    serve: Serve, changes: dict[str, Any]
) -> None:
    permission = function("Backend", "backend")["BackendPermission"]
    permission["Properties"] |= changes
    told = refusal(serve, BackendPermission=permission)
    assert told.startswith("Stack.Route0: no AWS::Lambda::Permission")
    assert "/$default/GET/a" in told


def test_an_authorizer_that_api_gateway_may_not_invoke_is_refused(serve: Serve) -> None:
    permission = function("Authorizer", "authorizer")["AuthorizerPermission"]
    permission["Properties"]["SourceArn"] = "arn:aws:execute-api:*/*/GET/a"
    told = refusal(
        serve,
        route("GET /a", "Lambda2", "Tokens"),
        Tokens=lambda_authorizer(HEADER),
        AuthorizerPermission=permission,
    )
    assert told.startswith("Stack.Route0: no AWS::Lambda::Permission")
    assert "/authorizers/" in told


def test_a_permission_for_one_route_is_enough_for_it(serve: Serve) -> None:
    permission = function("Backend", "backend")["BackendPermission"]
    arn = ["arn:aws:execute-api:eu-west-1:123456789012:", {"Ref": "Api"}, "/*/*/a/{id}"]
    permission["Properties"]["SourceArn"] = {"Fn::Join": ["", arn]}
    api = serve(route("GET /a/{id}"), BackendPermission=permission)
    assert api.call("GET", "/a/1").status == 200
