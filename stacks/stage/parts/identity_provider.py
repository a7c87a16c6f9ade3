"""cdk.json's `identity_providers` -> who else signs people in to the pool. Imports no CDK.

A secret is never a value here: it is named, and CloudFormation fetches it when it deploys.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aws_jwt_authorizer import field_checks as check
from stacks.stage.config_fields import ConfigFields, ConfigInvalid
from stacks.stage.parts.secret_reference import SecretReference, secret_reference

ROOT = Path(__file__).resolve().parents[3]
LONGEST_METADATA_CHARACTERS = 100_000
ID = check.text(r"[!-~]{1,255}", "the id that the provider has given out, without spaces")
SCOPES = check.texts(r"[!#-\[\]-~]+", "a list of scopes, openid among them, none twice")
NAME = check.text(r"[A-Za-z0-9][A-Za-z0-9-]{2,31}", "a name of 3 to 32 letters, digits and hyphens")
SOURCE = check.text(r"[!-~]{1,255}", "the provider's name of the attribute, without spaces")
API_VERSION = check.text(r"v\d+\.\d+", "a version such as v17.0")
FILE = check.text(r"[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*", "a path inside this repository")
ATTRIBUTES = frozenset(
    {
        *("address", "birthdate", "email", "email_verified", "family_name", "gender"),
        *("given_name", "locale", "middle_name", "name", "nickname", "phone_number"),
        *("picture", "preferred_username", "profile", "updated_at", "website", "zoneinfo"),
    }
)
"""Attributes of a person that a provider may set; `tenant` decides access and is not among them."""


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """A provider as Cognito's CreateIdentityProvider takes it.

    Attributes:
        name: ProviderName, and what a sign-in asks for by `identity_provider`.
        type: ProviderType.
        details: ProviderDetails but for the secret.
        secret_field: The member of ProviderDetails that is secret; None for SAML.
        secret: Where that secret is; None for SAML.
        attributes: The provider's attribute name by the person's.
    """

    name: str
    type: str
    details: Mapping[str, str]
    secret_field: str | None
    secret: SecretReference | None
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of provider: its type, whether a pool has one such at most, and how it is read."""

    type: str
    fields: tuple[str, ...]
    secret_field: str | None
    details: Callable[[ConfigFields, bool], dict[str, str]]
    only_one: bool = True


def identity_providers(
    fields: ConfigFields,
    loopback: bool,  # noqa: FBT001  # the signature of every reader in config.PARTS
) -> tuple[IdentityProvider, ...]:
    """Read `{"<name>": {"kind": "oidc", ...}}`; docs/federation.md shows every kind.

    Args:
        fields: The object, by the provider's name; Google and its like are called as their kind.
        loopback: Whether an OIDC provider may be an http server on this machine.

    Raises:
        ConfigInvalid: One line that names the field, and never shows a secret.
    """
    return tuple(_provider(name, part, loopback=loopback) for name, part in fields.parts())


def _provider(name: str, fields: ConfigFields, *, loopback: bool) -> IdentityProvider:
    kind_name = fields.text("kind", check.one_of(*_KINDS))
    kind = _KINDS[kind_name]
    secrets = () if kind.secret_field is None else (kind.secret_field,)
    fields.only(("kind", *kind.fields, *secrets, "attributes"))
    if kind.only_one and name != kind_name:
        raise ConfigInvalid(f"{fields.path} must be named {kind_name}: a pool can have only one")
    if not NAME.accepts(name):
        raise ConfigInvalid(f"{fields.path} must have {NAME.allowed}")
    return IdentityProvider(
        name=kind.type if kind.only_one else name,
        type=kind.type,
        details=kind.details(fields, loopback),
        secret_field=kind.secret_field,
        secret=secret_reference(fields, kind.secret_field) if kind.secret_field else None,
        attributes=_attributes(fields.part("attributes")),
    )


def _attributes(fields: ConfigFields) -> dict[str, str]:
    for name in fields.names:
        if name not in ATTRIBUTES:
            raise ConfigInvalid(
                f"{fields.path}.{name} cannot be set by a provider: use one of "
                f"{', '.join(sorted(ATTRIBUTES))}"
            )
    if "email" not in fields:
        raise ConfigInvalid(f"{fields.path}.email is missing: people are known by their email")
    return {name: fields.text(name, SOURCE) for name in fields.names}


def _oidc(fields: ConfigFields, loopback: bool) -> dict[str, str]:  # noqa: FBT001  # as _Kind.details
    scopes = fields.texts("scopes", SCOPES)
    if "openid" not in scopes:
        raise ConfigInvalid(
            f"{fields.path}.scopes is {list(scopes)!r}: it must be {SCOPES.allowed}"
        )
    return {
        "client_id": fields.text("client_id", ID),
        "oidc_issuer": fields.text("issuer", check.server_url(loopback=loopback)),
        "authorize_scopes": " ".join(scopes),
        "attributes_request_method": "GET",
    }


def _saml(fields: ConfigFields, _loopback: bool) -> dict[str, str]:  # noqa: FBT001  # as _Kind.details
    if ("metadata_url" in fields) == ("metadata_file" in fields):
        raise ConfigInvalid(f"{fields.path} must have exactly one of metadata_url, metadata_file")
    # Signed requests, and no sign-in that the provider starts: such a one answers no request of
    # ours, so nothing ties it to the browser that asked.
    details = {"IDPInit": "false", "IDPSignout": "true", "RequestSigningAlgorithm": "rsa-sha256"}
    if "metadata_url" in fields:
        url = fields.text("metadata_url", check.server_url(loopback=False))
        return {**details, "MetadataURL": url}
    return {**details, "MetadataFile": _metadata(fields)}


def _metadata(fields: ConfigFields) -> str:
    path = (ROOT / fields.text("metadata_file", FILE)).resolve()
    where = f"{fields.path}.metadata_file"
    if not path.is_relative_to(ROOT) or not path.is_file():
        raise ConfigInvalid(f"{where} must be {FILE.allowed}, and no file is there")
    text = path.read_text(encoding="utf-8", errors="replace")
    if "EntityDescriptor" not in text or len(text) > LONGEST_METADATA_CHARACTERS:
        raise ConfigInvalid(
            f"{where} must be SAML 2.0 metadata: XML with an EntityDescriptor, "
            f"at most {LONGEST_METADATA_CHARACTERS} characters"
        )
    return text


def _social(scopes: str, **more: check.Check) -> Callable[[ConfigFields, bool], dict[str, str]]:
    """Make a reader for a social provider with Cognito's scopes (CreateIdentityProvider)."""

    def read(fields: ConfigFields, _loopback: bool) -> dict[str, str]:  # noqa: FBT001  # as _Kind.details
        further = {name: fields.text(name, wanted) for name, wanted in more.items()}
        return {"client_id": fields.text("client_id", ID), "authorize_scopes": scopes, **further}

    return read


_KINDS: Mapping[str, _Kind] = {
    "oidc": _Kind(
        "OIDC", ("issuer", "client_id", "scopes"), "client_secret", _oidc, only_one=False
    ),
    "saml": _Kind("SAML", ("metadata_url", "metadata_file"), None, _saml, only_one=False),
    "google": _Kind("Google", ("client_id",), "client_secret", _social("email profile openid")),
    "facebook": _Kind(
        "Facebook",
        ("client_id", "api_version"),
        "client_secret",
        _social("public_profile, email", api_version=API_VERSION),
    ),
    "apple": _Kind(
        "SignInWithApple",
        ("client_id", "team_id", "key_id"),
        "private_key",
        _social("email name", team_id=ID, key_id=ID),
    ),
    "amazon": _Kind(
        "LoginWithAmazon", ("client_id",), "client_secret", _social("profile postal_code")
    ),
}
