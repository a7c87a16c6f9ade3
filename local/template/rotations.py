"""AWS::SecretsManager::RotationSchedule -> RotationConfig.

A rotation that Secrets Manager runs when the schedule is made is run at the start; no
stack lives for as long as the next one.
"""

from collections.abc import Collection, Mapping

from local.template.assembly import Assembly
from local.template.intrinsics import Resolver
from local.template.local_app import RotationConfig, SecretConfig
from local.template.properties import Properties

_WITHOUT_EFFECT = ("RotationRules",)


def read_rotations(
    assembly: Assembly,
    resolver: Resolver,
    function_names: Mapping[str, str],
    secrets: Collection[SecretConfig],
) -> tuple[RotationConfig, ...]:
    """Read every rotation of the assembly.

    Args:
        assembly: Where rotations are looked up.
        resolver: Resolves their properties.
        function_names: Function name by ARN.
        secrets: The app's.

    Raises:
        TemplateUnsupported: Such as a rotation that AWS hosts, or of a secret of another app.
    """
    arns = {secret.arn for secret in secrets}
    rotations = []
    for resource in assembly.resources("AWS::SecretsManager::RotationSchedule"):
        properties = Properties(resource, resolver)
        secret_arn = properties.text("SecretId")
        if secret_arn not in arns:
            raise properties.refused("SecretId", f"{secret_arn} is not a secret of this app")
        function_arn = properties.text("RotationLambdaARN")
        if function_arn not in function_names:
            raise properties.refused(
                "RotationLambdaARN", f"{function_arn} is not a function of this app"
            )
        at_once = properties.flag("RotateImmediatelyOnUpdate", default=True)
        properties.finish(_WITHOUT_EFFECT)
        rotations.append(RotationConfig(secret_arn, function_names[function_arn], at_once))
    return tuple(rotations)
