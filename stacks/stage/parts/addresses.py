"""cdk.json's `issuers` and `http_backends` -> where they are, by name. Imports no CDK."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from aws_jwt_authorizer import field_checks as check
from stacks.stage.config_fields import ConfigFields, ConfigInvalid

AUDIENCES = check.texts(r"[!-~]{1,255}", "a list of one or more audiences, none twice")
CLIENT_IDS = check.texts(r"[!-~]{1,255}", "a list of one or more client ids, none twice")
ANY_ISSUER = check.text(r"[!-~]{1,255}", "the claim iss of its tokens, to the letter")
OTHER_URLS = check.server_urls()
LISTENER = check.text(
    r"arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:listener/app/[!-~]+",
    "the ARN of an application load balancer's listener",
)
SERVICE = check.text(
    r"arn:aws[a-z-]*:servicediscovery:[a-z0-9-]+:\d{12}:service/srv-[a-z0-9]+",
    "the ARN of a Cloud Map service",
)
SUBNETS = check.texts(
    r"subnet-(?:[0-9a-f]{8}|[0-9a-f]{17})", "a list of one or more subnet ids, none twice"
)
SECURITY_GROUPS = check.texts(
    r"sg-(?:[0-9a-f]{8}|[0-9a-f]{17})", "a list of one or more security group ids, none twice"
)
SERVER_NAME = check.text(
    r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", "the host name of its certificate"
)
TARGETS = {"alb_listener_arn": LISTENER, "service_arn": SERVICE}
PRIVATE_FIELDS = ("subnet_ids", "security_group_ids", "server_name")

Address = TypeVar("Address")


@dataclass(frozen=True, slots=True)
class IssuerAddress:
    """How an issuer's tokens for this stage are known.

    Attributes:
        url: Its `iss`, exactly as in its tokens.
        audiences: The `aud` values that mean this stage; None leaves them to the table.
        client_ids: The clients of this stage; None likewise.
        jwks_uri: Where its keys are; None likewise.
        other_urls: What `iss` may be besides, while the issuer moves from one to the other.
    """

    url: str
    audiences: tuple[str, ...] | None
    client_ids: tuple[str, ...] | None = None
    jwks_uri: str | None = None
    other_urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """A server that the internet reaches too: it must verify the token again.

    Attributes:
        url: What the route's path is appended to.
    """

    url: str


@dataclass(frozen=True, slots=True)
class PrivateAddress:
    """A server in a VPC, reached through a VPC link.

    Attributes:
        target_arn: An internal load balancer's listener, or a Cloud Map service.
        subnet_ids: Where the link has its network interfaces.
        security_group_ids: What those may reach, and what the server may admit.
        server_name: The name on the server's certificate: TLS to the server; None for plain http.
    """

    target_arn: str
    subnet_ids: tuple[str, ...]
    security_group_ids: tuple[str, ...]
    server_name: str | None


HttpAddress = PublicAddress | PrivateAddress


def addresses(
    read: Callable[[ConfigFields, check.Check], Address],
    fields: ConfigFields,
    loopback: bool,  # noqa: FBT001  # the signature of every reader in config.PARTS
) -> dict[str, Address]:
    """Read an object of addresses, by what the access table calls each.

    Args:
        read: Reads one of them, given the check of a server's URL.
        fields: The object.
        loopback: Whether a server may be an http server on this machine.

    Raises:
        ConfigInvalid: One line that names the field.
    """
    url = check.server_url(loopback=loopback)
    return {name: read(part, url) for name, part in fields.parts()}


def issuer_address(fields: ConfigFields, url: check.Check) -> IssuerAddress:
    """Read `{"url": ..., "audiences": [...]}`, or `client_ids`, and `jwks_uri`.

    Raises:
        ConfigInvalid: One line that names the field.
    """
    fields.only(("url", "audiences", "client_ids", "jwks_uri", "other_urls"))
    by_clients, by_uri = "client_ids" in fields, "jwks_uri" in fields
    by_audiences = "audiences" in fields or not by_clients
    return IssuerAddress(
        url=fields.text("url", ANY_ISSUER if by_uri else url),
        audiences=fields.texts("audiences", AUDIENCES) if by_audiences else None,
        client_ids=fields.texts("client_ids", CLIENT_IDS) if by_clients else None,
        jwks_uri=fields.text("jwks_uri", url) if by_uri else None,
        other_urls=_other_urls(fields, by_uri=by_uri),
    )


def _other_urls(fields: ConfigFields, *, by_uri: bool) -> tuple[str, ...]:
    if "other_urls" not in fields:
        return ()
    if by_uri:
        raise ConfigInvalid(
            f"{fields.path}.other_urls is given beside jwks_uri: each of them is asked for its own "
            "keys, so remove one"
        )
    return fields.texts("other_urls", OTHER_URLS)


def http_address(fields: ConfigFields, url: check.Check) -> HttpAddress:
    """Read `{"url": ...}`, or one of `alb_listener_arn` and `service_arn`. Raises ConfigInvalid."""
    kinds = [name for name in ("url", *TARGETS) if name in fields]
    if len(kinds) != 1:
        raise ConfigInvalid(
            f"{fields.path} must say in exactly one of url, alb_listener_arn and service_arn "
            "where the server is"
        )
    if kinds == ["url"]:
        fields.only(("url",))
        return PublicAddress(fields.text("url", url).removesuffix("/"))
    fields.only((*kinds, *PRIVATE_FIELDS))
    return PrivateAddress(
        target_arn=fields.text(kinds[0], TARGETS[kinds[0]]),
        subnet_ids=fields.texts("subnet_ids", SUBNETS),
        security_group_ids=fields.texts("security_group_ids", SECURITY_GROUPS),
        server_name=fields.text("server_name", SERVER_NAME) if "server_name" in fields else None,
    )
