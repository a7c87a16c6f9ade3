"""cdk.json's `issuers` -> the issuers that the access table leaves to the stage. Imports no CDK."""

from dataclasses import dataclass

from aws_jwt_authorizer import field_checks as check
from stacks.stage.config_fields import ConfigFields

AUDIENCES = check.texts(r"[!-~]{1,255}", "a list of one or more audiences, none twice")


@dataclass(frozen=True, slots=True)
class IssuerAddress:
    """How an issuer's tokens for this stage are known.

    Attributes:
        url: Its `iss`, exactly as in its tokens.
        audiences: The `aud` values that mean this stage.
    """

    url: str
    audiences: tuple[str, ...]


def discovery_uri(issuer: str) -> str:
    """Return where an issuer's discovery document is (OpenID Connect Discovery 1.0 section 4)."""
    return f"{issuer.removesuffix('/')}/.well-known/openid-configuration"


def issuer_addresses(
    fields: ConfigFields,
    loopback: bool,  # noqa: FBT001  # the signature of every reader in config.PARTS
) -> dict[str, IssuerAddress]:
    """Read `{"partner": {"url": ..., "audiences": [...]}}`.

    Args:
        fields: The object, by the issuer's name in the access table.
        loopback: Whether the issuer may be an http server on this machine.

    Raises:
        ConfigInvalid: One line that names the field.
    """
    return {name: _issuer_address(part, loopback=loopback) for name, part in fields.parts()}


def _issuer_address(fields: ConfigFields, *, loopback: bool) -> IssuerAddress:
    fields.only(("url", "audiences"))
    return IssuerAddress(
        url=fields.text("url", check.server_url(loopback=loopback)),
        audiences=fields.texts("audiences", AUDIENCES),
    )
