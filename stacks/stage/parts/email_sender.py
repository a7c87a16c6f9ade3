"""cdk.json's `email_sender` -> who sends the pool's mail, by Amazon SES. Imports no CDK.

Without one Cognito sends it itself, 50 mails a day ("Quotas in Amazon Cognito", developer guide).
"""

from dataclasses import dataclass

from aws_jwt_authorizer import field_checks as check
from stacks.stage.config_fields import ConfigFields, ConfigInvalid

ADDRESS = check.email_address()
NAME = check.text(
    r"[^\x00-\x1f\x7f<>\x22\\]{1,64}", 'a name of 1 to 64 characters without < > " and \\'
)
DOMAIN = check.text(check.HOST_NAME, "the domain that is verified in Amazon SES")
REGION = check.one_of("us-east-1", "us-west-2", "eu-west-1")
"""Where SES may be for a pool of any region: Cognito refuses others by these names."""

FIELDS = {"address": ADDRESS, "name": NAME, "region": REGION, "verified_domain": DOMAIN}
OPTIONAL = ("name", "verified_domain")


@dataclass(frozen=True, slots=True)
class EmailSender:
    """Who a person sees as the sender of an invitation or a code.

    Attributes:
        address: Of the sender.
        name: What stands before it; None for the address alone.
        region: Where Amazon SES knows it.
        verified_domain: What is verified there; None if it is the address itself.
    """

    address: str
    name: str | None
    region: str
    verified_domain: str | None


def email_sender(
    fields: ConfigFields,
    _loopback: bool,  # noqa: FBT001  # the signature of every reader in fields.PARTS
) -> EmailSender | None:
    """Read `{"address": "no-reply@shop.example", "region": "eu-west-1"}`.

    Args:
        fields: The object; an empty one leaves sending to Cognito.

    Returns:
        None for Cognito.

    Raises:
        ConfigInvalid: One line that names the field.
    """
    if not fields.names:
        return None
    fields.only(tuple(FIELDS))
    found = {
        name: fields.text(name, field)
        for name, field in FIELDS.items()
        if name in fields or name not in OPTIONAL
    }
    sender = EmailSender(
        address=found["address"],
        name=found.get("name"),
        region=found["region"],
        verified_domain=found.get("verified_domain"),
    )
    domain = sender.address.partition("@")[2]
    if sender.verified_domain not in (None, domain):
        raise ConfigInvalid(
            f"{fields.path}.verified_domain is {sender.verified_domain!r}, and the address is of "
            f"{domain!r}: both must be the same"
        )
    return sender
