"""AWS::SecretsManager::Secret -> SecretConfig.

A secret whose value CloudFormation draws is drawn anew here at each start; any other one
would have to be told to this machine.
"""

from local.template.assembly import Assembly
from local.template.identifiers import REF, identifier
from local.template.intrinsics import Resolver
from local.template.local_app import SecretConfig
from local.template.properties import Properties

_DEFAULT_CHARACTERS = 32
_CHARACTERS = (4, 4096)
"""What GetRandomPassword takes (AWS Secrets Manager API)."""

_WITHOUT_EFFECT = ("Description", "Name", "Tags")


def read_secrets(assembly: Assembly, resolver: Resolver) -> tuple[SecretConfig, ...]:
    """Read every secret of the assembly.

    Raises:
        TemplateUnsupported: Such as a value in the template, or one that is part of an object.
    """
    secrets = []
    for resource in assembly.resources("AWS::SecretsManager::Secret"):
        properties = Properties(resource, resolver)
        stack = assembly.stacks[resource.stack_name]
        arn = identifier(resource, stack, REF)
        drawn = properties.part("GenerateSecretString")
        if drawn is None:
            raise properties.refused(
                "GenerateSecretString", "it is missing; only a random value is modelled"
            )
        characters = int(drawn.number("PasswordLength", _DEFAULT_CHARACTERS))
        low, high = _CHARACTERS
        if not low <= characters <= high:
            problem = f"{characters} characters are not within {low} to {high}"
            raise drawn.refused("PasswordLength", problem)
        drawn.finish()
        properties.finish(_WITHOUT_EFFECT)
        name = arn.rpartition(":")[2].rpartition("-")[0]
        secrets.append(SecretConfig(name, arn, characters, stack.region, stack.account_id))
    return tuple(secrets)
