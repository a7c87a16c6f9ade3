"""Resources of a small API, as CDK would write them, and the assembly around them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Resources = dict[str, dict[str, Any]]

FUNCTIONS = Path(__file__).parent / "functions"
ORIGIN = "https://app.example"


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::ApiGatewayV2::{kind}", "Properties": properties}


def owned(kind: str, **properties: Any) -> dict[str, Any]:
    return resource(kind, ApiId={"Ref": "Api"}, **properties)


def function(name: str, module: str, timeout_seconds: int = 20) -> Resources:
    """A function of `functions/`, and the permission that lets the API invoke it."""
    return {
        f"{name}Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Code": {"S3Bucket": "assets", "S3Key": "functions.zip"},
                "Handler": f"{module}.handler",
                "Runtime": "python3.14",
                "Timeout": timeout_seconds,
            },
        },
        f"{name}Permission": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "Action": "lambda:InvokeFunction",
                "FunctionName": {"Fn::GetAtt": [f"{name}Function", "Arn"]},
                "Principal": "apigateway.amazonaws.com",
            },
        },
    }


def lambda_integration(payload: str = "2.0", **properties: Any) -> dict[str, Any]:
    return owned(
        "Integration",
        IntegrationType="AWS_PROXY",
        IntegrationUri={"Fn::GetAtt": ["BackendFunction", "Arn"]},
        PayloadFormatVersion=payload,
        **properties,
    )


def http_integration(uri: str, method: str = "ANY", **properties: Any) -> dict[str, Any]:
    return owned(
        "Integration",
        IntegrationType="HTTP_PROXY",
        IntegrationUri=uri,
        IntegrationMethod=method,
        PayloadFormatVersion="1.0",
        **properties,
    )


def jwt_authorizer(
    issuer: str, source: str = "$request.header.Authorization", *audiences: str
) -> dict[str, Any]:
    return owned(
        "Authorizer",
        AuthorizerType="JWT",
        Name="jwt",
        IdentitySource=[source],
        JwtConfiguration={"Issuer": issuer, "Audience": list(audiences or ("web", "cli"))},
    )


def lambda_authorizer(
    *sources: str,
    payload: str = "2.0",
    simple: bool = True,
    ttl_seconds: int = 0,
    asks: str = "Authorizer",
) -> dict[str, Any]:
    arn = {"Fn::GetAtt": [f"{asks}Function", "Arn"]}
    path = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/"
    return owned(
        "Authorizer",
        AuthorizerType="REQUEST",
        Name="tokens",
        AuthorizerPayloadFormatVersion=payload,
        EnableSimpleResponses=simple,
        AuthorizerResultTtlInSeconds=ttl_seconds,
        IdentitySource=list(sources),
        AuthorizerUri={"Fn::Join": ["", [path, arn, "/invocations"]]},
    )


def route(
    key: str, integration: str = "Lambda2", authorizer: str | None = None, *scopes: str
) -> dict[str, Any]:
    kind = "NONE" if authorizer is None else "JWT" if authorizer.startswith("Jwt") else "CUSTOM"
    found = owned(
        "Route",
        RouteKey=key,
        Target={"Fn::Join": ["/", ["integrations", {"Ref": integration}]]},
        AuthorizationType=kind,
    )
    if authorizer is not None:
        found["Properties"]["AuthorizerId"] = {"Ref": authorizer}
    if scopes:
        found["Properties"]["AuthorizationScopes"] = list(scopes)
    return found


def stage(name: str = "$default", **properties: Any) -> dict[str, Any]:
    return owned("Stage", StageName=name, AutoDeploy=True, **properties)


def api(*routes: dict[str, Any], **changes: dict[str, Any]) -> Resources:
    """An API with these routes; `changes` are further resources, or others of the same name."""
    return {
        **function("Backend", "backend"),
        **function("Authorizer", "authorizer"),
        **function("HastyAuthorizer", "authorizer", timeout_seconds=1),
        "Api": resource("Api", Name="Api", ProtocolType="HTTP"),
        "Stage": stage(),
        "Lambda1": lambda_integration("1.0"),
        "Lambda2": lambda_integration(),
        **{f"Route{number}": one for number, one in enumerate(routes)},
        **changes,
    }


def write_assembly(folder: Path, resources: Mapping[str, Any]) -> Path:
    """A cloud assembly of one stack, with the folder of functions as its asset."""
    documents = {
        "manifest": {
            "artifacts": {
                "Stack": {
                    "type": "aws:cloudformation:stack",
                    "environment": "aws://123456789012/eu-west-1",
                    "properties": {"templateFile": "Stack.json"},
                },
                "Assets": {"type": "cdk:asset-manifest", "properties": {"file": "Assets.json"}},
            }
        },
        "Assets": {
            "files": {
                "functions": {
                    "source": {"path": str(FUNCTIONS)},
                    "destinations": {"here": {"objectKey": "functions.zip"}},
                }
            }
        },
        "Stack": {"Resources": resources},
    }
    folder.mkdir(exist_ok=True)
    for name, document in documents.items():
        (folder / f"{name}.json").write_text(json.dumps(document))
    return folder
