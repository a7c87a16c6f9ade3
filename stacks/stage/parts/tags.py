"""cdk.json's `tags` -> the tags of everything that a stage deploys. Imports no CDK.

CloudFormation puts a stack's tags on each of its resources that can have any. What it takes:
"Tag", CloudFormation API reference, and "Resource tags" of its user guide.
"""

from collections.abc import Mapping

from aws_jwt_authorizer import field_checks as check
from stacks.stage.config_fields import ConfigFields, ConfigInvalid

MOST_TAGS = 50
CHARACTERS = r"A-Za-z0-9 _.:/=+@-"
KEY = check.text(
    rf"(?![aA][wW][sS]:)[{CHARACTERS}]{{1,128}}",
    "1 to 128 letters, digits, spaces and _.:/=+@-, and not begin with aws:",
)
VALUE = check.text(rf"[{CHARACTERS}]{{1,256}}", "1 to 256 letters, digits, spaces and _.:/=+@-")


def tags(
    fields: ConfigFields,
    _loopback: bool,  # noqa: FBT001  # the signature of every reader in config.PARTS
) -> Mapping[str, str]:
    """Read `{"team": "orders", "cost-center": "4711"}`.

    Raises:
        ConfigInvalid: One line that names the field.
    """
    for key in fields.names:
        if not KEY.accepts(key):
            raise ConfigInvalid(f"{fields.path} has the key {key!r}: it must be {KEY.allowed}")
    if len(fields.names) > MOST_TAGS:
        raise ConfigInvalid(
            f"{fields.path} has {len(fields.names)} tags: CloudFormation takes {MOST_TAGS}"
        )
    return {key: fields.text(key, VALUE) for key in fields.names}
