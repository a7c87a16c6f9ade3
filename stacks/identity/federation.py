"""The stage's identity providers -> Cognito's, with secrets that CloudFormation fetches."""

from collections.abc import Iterable

from aws_cdk import SecretValue
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from stacks.stage.parts.identity_provider import IdentityProvider
from stacks.stage.parts.secret_reference import SecretReference


class Federation(Construct):
    """Who signs people in besides the pool itself.

    Attributes:
        providers: The providers, in the stage's order.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        pool: cognito.UserPool,
        providers: Iterable[IdentityProvider],
    ) -> None:
        super().__init__(scope, construct_id)
        self.providers = [self._create(pool, provider) for provider in providers]

    def _create(
        self, pool: cognito.UserPool, provider: IdentityProvider
    ) -> cognito.CfnUserPoolIdentityProvider:
        details = dict(provider.details)
        if provider.secret_field and provider.secret:
            details[provider.secret_field] = _dynamic_reference(provider.secret)
        return cognito.CfnUserPoolIdentityProvider(
            self,
            provider.name,
            user_pool_id=pool.user_pool_id,
            provider_name=provider.name,
            provider_type=provider.type,
            provider_details=details,
            attribute_mapping=dict(provider.attributes),
        )


def _dynamic_reference(reference: SecretReference) -> str:
    """Return `{{resolve:secretsmanager:...}}`, which stands for the secret in the template."""
    value = SecretValue.secrets_manager(reference.secret, json_field=reference.json_key)
    return value.unsafe_unwrap()
