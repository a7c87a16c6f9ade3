"""A discovery document -> what it says of its issuer (OpenID Connect Discovery 1.0). Pure."""

from collections.abc import Mapping

from jwt_verifier import strict_json
from jwt_verifier.strict_json import JsonInvalid
from jwt_verifier.urls import is_safe_url

Metadata = Mapping[str, object]


class DiscoveryInvalid(ValueError):
    """The document cannot be used; the message says why and may be logged.

    Attributes:
        is_foreign: whether it is another issuer's.
    """

    def __init__(self, words: str, *, is_foreign: bool = False) -> None:
        super().__init__(words)
        self.is_foreign = is_foreign


def discovery_uri(issuer: str) -> str:
    """Return where an issuer's document is (section 4)."""
    return f"{issuer.removesuffix('/')}/.well-known/openid-configuration"


def parse_metadata(body: bytes, issuer: str) -> Metadata:
    """Return an issuer's metadata (sections 3 and 4.3).

    Raises:
        DiscoveryInvalid: it is not a strict JSON object, or names another issuer.
    """
    try:
        metadata = strict_json.parse_object(body)
    except JsonInvalid as invalid:
        raise DiscoveryInvalid(f"the discovery document is {invalid}") from None
    if metadata.get("issuer") != issuer:
        raise DiscoveryInvalid("the discovery document names another issuer", is_foreign=True)
    return metadata


def endpoint(metadata: Metadata, name: str, *, plain_http: bool = False) -> str:
    """Return the address that a member names.

    Args:
        metadata: the document.
        name: the member.
        plain_http: whether it may be an http URL.

    Raises:
        DiscoveryInvalid: it is missing or not a safe URL.
    """
    url = metadata.get(name)
    if isinstance(url, str) and is_safe_url(url, plain_http=plain_http):
        return url
    raise DiscoveryInvalid(f"the discovery document's {name} is not an https URL")
