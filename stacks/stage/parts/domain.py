"""cdk.json's `domain`, `issuer_domain` and `sign_in_domain` -> names of one's own.

Nothing is looked up at synth: a certificate and a zone are named by what AWS calls them. Imports
no CDK.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from aws_jwt_authorizer import field_checks as check
from stacks.stage.config_fields import ConfigFields

_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = rf"(?=.{{4,253}}$)(?:{_LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9]"
NAME = check.text(
    _HOST,
    "a host name in lower case such as api.example.com: no scheme, port, path, wildcard or closing "
    "dot",
)
_CERTIFICATE = r"\d{12}:certificate/[A-Za-z0-9_-]{1,64}"
CERTIFICATE = check.text(
    rf"arn:aws[a-z-]*:acm:[a-z]+(?:-[a-z]+)+-[0-9]+:{_CERTIFICATE}",
    "the ARN of a certificate of AWS Certificate Manager",
)
CERTIFICATE_OF_CLOUDFRONT = check.text(
    rf"arn:aws:acm:us-east-1:{_CERTIFICATE}",
    "the ARN of a certificate of AWS Certificate Manager in us-east-1, where CloudFront, which "
    "serves sign-in, takes it from",
)
SWITCH = "switch"
ACCEPT_BOTH, SIGN_WITH_NAME = "accept_both", "sign_with_name"
SWITCHES = check.one_of(ACCEPT_BOTH, SIGN_WITH_NAME)
"""The steps of a move: tokens name `execute-api` still, or the domain already; both are trusted."""

ZONE: Mapping[str, check.Check] = {
    "id": check.text("Z[A-Z0-9]{1,31}", "the id of a hosted zone of Route 53, Z and more"),
    "name": NAME,
}
TRUSTSTORE: Mapping[str, check.Check] = {
    "bucket": check.text(
        "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "the name of an S3 bucket, without s3://"
    ),
    "key": check.text("[A-Za-z0-9!_.*'()-][A-Za-z0-9!_.*'()/-]{0,1023}", "the key of an S3 object"),
    "version": check.text("[!-~]{1,1024}", "the id of a version of that object"),
}


@dataclass(frozen=True, slots=True)
class HostedZone:
    """A zone of Route 53 that gets the record: its id and its name, without a closing dot."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Truststore:
    """The certificate authorities whose clients may connect: a version of an object in S3."""

    bucket: str
    key: str
    version: str


@dataclass(frozen=True, slots=True)
class Domain:
    """A name of one's own.

    Attributes:
        name: The host name.
        certificate_arn: Of the certificate that has the name.
        hosted_zone: Where the alias record is made; None if DNS is kept elsewhere.
        mutual_tls: Whose clients may connect; None for everybody.
    """

    name: str
    certificate_arn: str
    hosted_zone: HostedZone | None = None
    mutual_tls: Truststore | None = None

    @property
    def origin(self) -> str:
        """The name as browsers write an origin (RFC 6454 section 6.2)."""
        return f"https://{self.name}"


@dataclass(frozen=True, slots=True)
class IssuerDomain:
    """A name of the issuer's own.

    Attributes:
        domain: The name.
        switch: How far a move from `execute-api` has come, one of SWITCHES; None when it is over,
            or was never needed.
    """

    domain: Domain
    switch: str | None = None


def api_domain(
    fields: ConfigFields,
    _loopback: bool,  # noqa: FBT001  # the signature of every reader in fields.PARTS
) -> Domain | None:
    """Read `{"name": ..., "certificate_arn": ..., "hosted_zone": {...}, "mutual_tls": {...}}`.

    Returns:
        None for an empty object: the API answers at `execute-api`.

    Raises:
        ConfigInvalid: One line that names the field.
    """
    return _domain(fields, CERTIFICATE, optional=("hosted_zone", "mutual_tls"))


def issuer_domain(
    fields: ConfigFields,
    _loopback: bool,  # noqa: FBT001  # the signature of every reader in fields.PARTS
) -> IssuerDomain | None:
    """Read `{"name": ..., "certificate_arn": ..., "hosted_zone": {...}, "switch": ...}`.

    Returns:
        None for an empty object: the issuer is known by `execute-api`.

    Raises:
        ConfigInvalid: One line that names the field.
    """
    domain = _domain(fields, CERTIFICATE, optional=("hosted_zone",), others=(SWITCH,))
    if domain is None:
        return None
    return IssuerDomain(domain, fields.text(SWITCH, SWITCHES) if SWITCH in fields else None)


def sign_in_domain(
    fields: ConfigFields,
    _loopback: bool,  # noqa: FBT001  # the signature of every reader in fields.PARTS
) -> Domain | None:
    """Read `{"name": ..., "certificate_arn": ..., "hosted_zone": {...}}`.

    Returns:
        None for an empty object: people sign in at `domain_prefix`.

    Raises:
        ConfigInvalid: One line that names the field.
    """
    return _domain(fields, CERTIFICATE_OF_CLOUDFRONT, optional=("hosted_zone",))


def _domain(
    fields: ConfigFields,
    certificate: check.Check,
    optional: tuple[str, ...],
    others: tuple[str, ...] = (),
) -> Domain | None:
    if not fields.names:
        return None
    fields.only(("name", "certificate_arn", *optional, *others))
    zone = _texts(fields, "hosted_zone", ZONE)
    truststore = _texts(fields, "mutual_tls", TRUSTSTORE)
    return Domain(
        name=fields.text("name", NAME),
        certificate_arn=fields.text("certificate_arn", certificate),
        hosted_zone=HostedZone(**zone) if zone else None,
        mutual_tls=Truststore(**truststore) if truststore else None,
    )


def _texts(
    fields: ConfigFields, name: str, checks: Mapping[str, check.Check]
) -> dict[str, str] | None:
    """Return the texts of an object that need not be there; None without it."""
    if name not in fields:
        return None
    part = fields.part(name)
    part.only(tuple(checks))
    return {field: part.text(field, allowed) for field, allowed in checks.items()}
