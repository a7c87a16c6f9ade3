"""cdk.json's `{"secret": ..., "json_key": ...}` -> where a secret is kept. Imports no CDK.

A secret is never a value in cdk.json: it is named, and fetched where it is needed.
"""

from dataclasses import dataclass

from aws_jwt_authorizer import field_checks as check
from stacks.stage.config_fields import ConfigFields, ConfigInvalid

SECRET_ID = check.text(r"[A-Za-z0-9/_+=.@:-]+", "the name or the ARN of a secret")
JSON_KEY = check.text(r"[A-Za-z0-9_.-]+", "a key of the secret's JSON object")


@dataclass(frozen=True, slots=True)
class SecretReference:
    """Where a secret is kept in Secrets Manager: the secret, and a key of its JSON object."""

    secret: str
    json_key: str


def secret_reference(fields: ConfigFields, name: str) -> SecretReference:
    """Read a reference.

    Raises:
        ConfigInvalid: It is none; a literal is refused without being shown.
    """
    try:
        part = fields.part(name)
    except ConfigInvalid:
        raise ConfigInvalid(
            f"{fields.path}.{name} must name a secret of AWS Secrets Manager as "
            '{"secret": "<name or ARN>", "json_key": "<key>"}: never write the secret itself here'
        ) from None
    part.only(("secret", "json_key"))
    return SecretReference(part.text("secret", SECRET_ID), part.text("json_key", JSON_KEY))
