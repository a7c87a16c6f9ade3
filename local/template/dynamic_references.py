"""`{{resolve:secretsmanager:...}}` -> an invented secret: this machine has no real one.

The same reference has the same secret for the process's life, so that an app which is
read again is the same app; a reference to any other service is refused.
"""

import re
import secrets
from functools import cache

_REFERENCE = re.compile(r"\{\{resolve:([^}]*)\}\}")
_SECRET = re.compile(
    # AWS CloudFormation, "Get a secret or secret value from Secrets Manager": id or ARN, then a
    # key of its JSON object; a version at the end changes nothing here.
    r"secretsmanager:(?P<id>[^:]+|arn:(?:[^:]*:){5}[^:]+)"
    r"(?::SecretString(?::(?P<key>[^:]*)(?::[^:]*){0,2})?)?"
)
_SECRET_BYTES = 32


class ReferenceUnknown(Exception):
    """A dynamic reference that is not modelled; the message says what is."""


def with_invented_secrets(text: str) -> str:
    """Return a text with an invented secret in the place of each reference.

    Raises:
        ReferenceUnknown: A reference is not one to AWS Secrets Manager.
    """
    return _REFERENCE.sub(lambda reference: _resolved(reference[1]), text)


def _resolved(reference: str) -> str:
    secret = _SECRET.fullmatch(reference)
    if secret is None:
        service = reference.partition(":")[0]
        raise ReferenceUnknown(
            f"a dynamic reference to {service!r} in this form is not modelled; use "
            "{{resolve:secretsmanager:<secret>:SecretString:<key>}}"
        )
    return _invented(secret["id"], secret["key"] or "")


@cache
def _invented(_secret_id: str, _json_key: str) -> str:
    return secrets.token_urlsafe(_SECRET_BYTES)
