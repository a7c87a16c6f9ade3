"""A log group -> the API's access log: one JSON object a request, never a claim or a token."""

import json

import jsii
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigwv2
from aws_cdk import aws_logs as logs

# "Logging variables for HTTP APIs", API Gateway developer guide.
FIELDS = {
    "requestId": "$context.requestId",
    "requestTime": "$context.requestTime",
    "routeKey": "$context.routeKey",
    "status": "$context.status",
    "sourceIp": "$context.identity.sourceIp",
    "userAgent": "$context.identity.userAgent",
    "protocol": "$context.protocol",
    "responseLength": "$context.responseLength",
    "responseLatency": "$context.responseLatency",
    "integrationStatus": "$context.integration.status",
    "integrationLatency": "$context.integrationLatency",
    "integrationError": "$context.integrationErrorMessage",
    "authorizerError": "$context.authorizer.error",
    "error": "$context.error.message",
    "errorType": "$context.error.responseType",
}


@jsii.implements(apigwv2.IAccessLogSettings)
class AccessLog:
    """What a stage is told about its access log."""

    def __init__(self, log_group: logs.LogGroup) -> None:
        self._destination = apigwv2.LogGroupLogDestination(log_group)

    @property
    def destination(self) -> apigwv2.IAccessLogDestination:
        """Where lines go."""
        return self._destination

    @property
    def format(self) -> apigateway.AccessLogFormat:
        """What a line holds."""
        return apigateway.AccessLogFormat.custom(json.dumps(FIELDS))
