"""A user pool -> the function that has the last word on what its tokens say."""

from aws_cdk import aws_cognito as cognito
from constructs import Construct

from aws_jwt_authorizer.bundling.target import Target
from aws_jwt_authorizer.function_sources import TOKEN_CLAIMS
from stacks.functions.python_function import FunctionSpec, PythonFunction
from stacks.stage.config import StageConfig

MEMORY_MB = 256
# Cognito waits five seconds for a trigger and then fails the sign-in.
TIMEOUT_SECONDS = 4


class TokenClaims(Construct):
    """The pre-token-generation trigger, event version 2: people's ID and access tokens."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: StageConfig,
        target: Target,
        pool: cognito.UserPool,
    ) -> None:
        super().__init__(scope, construct_id)
        spec = FunctionSpec(TOKEN_CLAIMS, MEMORY_MB, TIMEOUT_SECONDS)
        function = PythonFunction(self, "Trigger", spec=spec, config=config, target=target)
        pool.add_trigger(
            cognito.UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG,
            function.function,
            cognito.LambdaVersion.V2_0,
        )
