"""cdk.json's `page_issuer` -> who signs people in to the web page. Imports no CDK."""

from dataclasses import dataclass

from stacks import field_checks as check
from stacks.config_fields import ConfigFields, ConfigInvalid
from stacks.issuer_checks import NAME

ISSUER = check.text(NAME.pattern, "the name of an issuer of stacks/access.py that has a URL")
CLIENT_ID = check.text(r"[!-~]{1,255}", "the id that the issuer has given the page")
SCOPES = check.texts(r"[!#-\[\]-~]+", "a list of scopes, openid among them, none twice")


@dataclass(frozen=True, slots=True)
class PageIssuer:
    """An OIDC issuer that knows the page as a public client (code and PKCE).

    Attributes:
        name: What the access table calls it.
        client_id: The page's, at this issuer.
        scopes: What the page asks for.
    """

    name: str
    client_id: str
    scopes: tuple[str, ...]


def page_issuer(
    fields: ConfigFields,
    _loopback: bool,  # noqa: FBT001  # the signature of every reader in config.PARTS
) -> PageIssuer | None:
    """Read `{"name": "partner", "client_id": ..., "scopes": [...]}`.

    Args:
        fields: The object; an empty one leaves sign-in to the user pool.

    Returns:
        None for the user pool.

    Raises:
        ConfigInvalid: One line that names the field.
    """
    if not fields.names:
        return None
    fields.only(("name", "client_id", "scopes"))
    issuer = PageIssuer(
        name=fields.text("name", ISSUER),
        client_id=fields.text("client_id", CLIENT_ID),
        scopes=fields.texts("scopes", SCOPES),
    )
    if "openid" not in issuer.scopes:
        raise ConfigInvalid(
            f"{fields.path}.scopes is {list(issuer.scopes)!r}: it must be {SCOPES.allowed}"
        )
    return issuer
