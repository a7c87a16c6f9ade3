"""cdk.json's `context.app_name` -> what the names of this app's resources begin with.

Stacks, alarms and the like are called `<app name>-<stage>-…`, and the metrics of our functions are
in a namespace of the app's own: two apps share an account and say nothing of each other. Imports no
CDK.
"""

from collections.abc import Mapping

from aws_jwt_authorizer import field_checks as check
from stacks.stage.config_fields import ConfigInvalid

DEFAULT_APP_NAME = "jwt-authorizer"

# A user pool's domain prefix, <app name>-<stage>-<account id>, has at most 63 characters and none
# of three words (CreateUserPoolDomain, Cognito API); a stage's name has at most 16.
APP_NAME = check.text(
    r"(?!.*(?:aws|amazon|cognito))(?=.{1,32}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*",
    "1 to 32 lower-case letters, digits and single inner hyphens, a letter first, without the "
    "words aws, amazon and cognito",
)


def app_name(context: Mapping[str, object]) -> str:
    """Return the app's name.

    Args:
        context: What cdk.json has under `context`, untrusted; without the name it is the default.

    Raises:
        ConfigInvalid: The name cannot be used.
    """
    given = context.get("app_name")
    if given is None:
        return DEFAULT_APP_NAME
    if not isinstance(given, str) or not APP_NAME.accepts(given):
        raise ConfigInvalid(f"context.app_name is {given!r}: it must be {APP_NAME.allowed}")
    return given


def metrics_namespace(name: str) -> str:
    """Return the namespace of the metrics that an app's functions write: MyApi for my-api."""
    return "".join(word.capitalize() for word in name.split("-"))
