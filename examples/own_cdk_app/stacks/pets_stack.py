"""The pets' API: who may call each of its routes is said beside the routes."""

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigwv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from aws_jwt_authorizer import Issuer, JwtAuthorizer, PathParameter, Rule

LOGIN = Issuer("login", "https://login.example", audiences=("pets",))
READ = Rule(scopes_all=("pets/read",))
OWNER = Rule(issuers=("login",), claims={"sub": PathParameter("owner")})
ROUTES = {"GET /pets": READ, "GET /owners/{owner}/pets": OWNER}


class PetsStack(cdk.Stack):
    """An HTTP API, one function behind it, and our authorizer before it."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        pets = lambda_.Function(
            self,
            "Function",
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="handler.handler",
            code=lambda_.Code.from_asset("pets"),
        )
        authorizer = JwtAuthorizer(self, "Authorizer", issuers=[LOGIN], routes=ROUTES)
        api = apigwv2.HttpApi(self, "Api", default_authorizer=authorizer)
        for key in ROUTES:
            method, path = key.split(" ")
            api.add_routes(
                path=path,
                methods=[apigwv2.HttpMethod[method]],
                integration=HttpLambdaIntegration("Pets", pets),
            )
        cdk.CfnOutput(self, "ApiUrl", value=api.api_endpoint)
