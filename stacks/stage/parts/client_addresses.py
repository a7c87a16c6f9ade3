"""cdk.json's `clients` -> what a stage says of the access table's app clients, by name.

Imports no CDK.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from aws_jwt_authorizer import field_checks as check
from stacks.stage.config_fields import ConfigFields

CALLBACK_URLS = check.redirect_urls(least=1)
LOGOUT_URLS = check.redirect_urls(least=0)
PASSWORD_SIGN_IN = check.boolean()

FIELDS: Mapping[str, check.Check] = {
    # Where it may be sent after sign-in and after sign-out.
    "callback_urls": CALLBACK_URLS,
    "logout_urls": LOGOUT_URLS,
    # Whether it may take a person's password itself, by USER_PASSWORD_AUTH and USER_SRP_AUTH.
    "password_sign_in": PASSWORD_SIGN_IN,
}
"""Each may be left out: no URL, no password."""


@dataclass(frozen=True, slots=True)
class ClientAddresses:
    """What a stage says of one client of the access table.

    Attributes:
        callback_urls: Where it may be sent after sign-in.
        logout_urls: Where it may be sent after sign-out.
        password_sign_in: Whether it may take a person's password itself.
    """

    callback_urls: tuple[str, ...] = ()
    logout_urls: tuple[str, ...] = ()
    password_sign_in: bool = False


def client_addresses(
    fields: ConfigFields,
    _loopback: bool,  # noqa: FBT001  # the signature of every reader in fields.PARTS
) -> dict[str, ClientAddresses]:
    """Read `{"web": {"callback_urls": [...], "logout_urls": [...]}}`.

    Raises:
        ConfigInvalid: One line that names the field.
    """
    return {name: _addresses(part) for name, part in fields.parts()}


def _addresses(fields: ConfigFields) -> ClientAddresses:
    fields.only(tuple(FIELDS))
    given = {name: fields.take(name, field) for name, field in FIELDS.items() if name in fields}
    return ClientAddresses(**given)  # type: ignore[arg-type]  # each has its type from its check
