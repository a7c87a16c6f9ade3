"""`LambdaConfig` of a user pool -> PreTokenConfig; every other trigger is refused."""

from collections.abc import Mapping

from local.template.pool_config import PreTokenConfig
from local.template.properties import Properties

_VERSIONS = ("V2_0", "V3_0")
_TIERS = ("ESSENTIALS", "PLUS")
"""The feature plans that let a function change access tokens."""


def read_pre_token(
    properties: Properties, function_names: Mapping[str, str]
) -> PreTokenConfig | None:
    """Return the pre-token-generation trigger, if the pool has one.

    Args:
        properties: Of the user pool.
        function_names: The app's functions, name by ARN.

    Raises:
        TemplateUnsupported: The pool has another trigger, an event version before V2_0, or no
            feature plan for it.
    """
    triggers = properties.part("LambdaConfig")
    if triggers is None:
        return None
    part = triggers.part("PreTokenGenerationConfig")
    legacy_arn = triggers.text("PreTokenGeneration", "")
    triggers.finish()
    if part is None:
        if legacy_arn:
            raise triggers.refused(
                "PreTokenGeneration", "its V1_0 event is not modelled; use PreTokenGenerationConfig"
            )
        return None
    arn = part.text("LambdaArn")
    version = part.choice("LambdaVersion", _VERSIONS)
    part.finish()
    if arn not in function_names:
        raise part.refused("LambdaArn", f"{arn} is not a function of this app")
    if legacy_arn not in ("", arn):
        raise triggers.refused("PreTokenGeneration", "it differs from PreTokenGenerationConfig")
    properties.choice("UserPoolTier", _TIERS, "ESSENTIALS")
    return PreTokenConfig(function_names[arn], version)
