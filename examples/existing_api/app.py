"""The authorizer before new routes of an HTTP API that exists, made by whatever made it."""

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigwv2
from aws_cdk.aws_apigatewayv2_integrations import HttpUrlIntegration

from aws_jwt_authorizer import Issuer, JwtAuthorizer, Rule

API_ID = "a1b2c3d4e5"
KEY = "GET /reports/{id}"

app = cdk.App()
stack = cdk.Stack(app, "Reports")
api = apigwv2.HttpApi.from_http_api_attributes(stack, "Api", http_api_id=API_ID)
authorizer = JwtAuthorizer(
    stack,
    "Authorizer",
    issuers=[Issuer("login", "https://login.example", audiences=("reports",))],
    routes={KEY: Rule(scopes_any=("reports/read", "reports/all"))},
)
apigwv2.HttpRoute(
    stack,
    "Report",
    http_api=api,
    route_key=apigwv2.HttpRouteKey.with_("/reports/{id}", apigwv2.HttpMethod.GET),
    integration=HttpUrlIntegration(
        "Reports",
        "https://reports.example/{id}",
        # Text before the variable: whatever becomes of it, a client's own header is overwritten.
        parameter_mapping=apigwv2.ParameterMapping()
        .overwrite_header(
            "x-user-sub", apigwv2.MappingValue.custom("sub=${context.authorizer.sub}")
        )
        .remove_header("cookie"),
    ),
    authorizer=authorizer.for_route(KEY),
)
app.synth()
