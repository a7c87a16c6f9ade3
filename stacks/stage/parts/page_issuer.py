"""cdk.json's `page_issuer` -> who signs people in to the web page. Imports no CDK."""

from dataclasses import dataclass
from typing import Literal

from aws_jwt_authorizer import field_checks as check
from aws_jwt_authorizer.access.issuer_checks import NAME
from stacks.stage.config_fields import ConfigFields, ConfigInvalid
from stacks.stage.parts.secret_reference import SecretReference, secret_reference

ISSUER = check.text(NAME.pattern, "the name of an issuer of stacks/access.py that has a URL")
CLIENT_ID = check.text(r"[!-~]{1,255}", "the id that the issuer has given the page")
SCOPES = check.texts(r"[!#-\[\]-~]+", "a list of scopes, openid among them, none twice")
ClientAuthentication = Literal["client_secret", "private_key"]
AUTHENTICATIONS: tuple[ClientAuthentication, ...] = ("client_secret", "private_key")
PUBLIC_CLIENT = "public_client_id"


@dataclass(frozen=True, slots=True)
class PageIssuer:
    """An OIDC issuer that knows the page's backend as a confidential client (code and PKCE).

    Attributes:
        name: What the access table calls it.
        client_id: The backend's, at this issuer.
        authentication: How the backend authenticates: by a secret, or by signing with a private
            key (`private_key_jwt`, OpenID Connect Core 1.0 section 9).
        credential: Where that secret or key is.
        scopes: What the page asks for.
        public_client_id: Of the page itself, for the stage's `browser_storage_mode`; None for none.
    """

    name: str
    client_id: str
    authentication: ClientAuthentication
    credential: SecretReference
    scopes: tuple[str, ...]
    public_client_id: str | None = None


def page_issuer(
    fields: ConfigFields,
    _loopback: bool,  # noqa: FBT001  # the signature of every reader in config.PARTS
) -> PageIssuer | None:
    """Read `{"name": "partner", "client_id": ..., "client_secret": {...}, "scopes": [...]}`.

    Args:
        fields: The object; an empty one leaves sign-in to the user pool.

    Returns:
        None for the user pool.

    Raises:
        ConfigInvalid: One line that names the field.
    """
    if not fields.names:
        return None
    fields.only(("name", "client_id", *AUTHENTICATIONS, "scopes", PUBLIC_CLIENT))
    given = [name for name in AUTHENTICATIONS if name in fields]
    if len(given) != 1:
        raise ConfigInvalid(
            f"{fields.path} must have exactly one of {', '.join(AUTHENTICATIONS)}: the backend "
            "that keeps browsers' tokens is a confidential client"
        )
    [authentication] = given
    issuer = PageIssuer(
        name=fields.text("name", ISSUER),
        client_id=fields.text("client_id", CLIENT_ID),
        authentication=authentication,
        credential=secret_reference(fields, authentication),
        scopes=fields.texts("scopes", SCOPES),
        public_client_id=fields.text(PUBLIC_CLIENT, CLIENT_ID) if PUBLIC_CLIENT in fields else None,
    )
    if "openid" not in issuer.scopes:
        raise ConfigInvalid(
            f"{fields.path}.scopes is {list(issuer.scopes)!r}: it must be {SCOPES.allowed}"
        )
    return issuer
