"""How an Amazon Cognito user pool names itself: its id, and the two forms of its issuer. Pure."""

import re
from functools import cache
from typing import Final

_REGION: Final = r"(?P<region>[a-z]+(-[a-z]+)+-[0-9]+)"
_DOMAINS: Final = {"cn": "amazonaws.com.cn", "eusc": "amazonaws.eu"}
"""By the first part of a region; anywhere else it is `amazonaws.com` (AWS partitions)."""

_POOL_ID: Final = re.compile(_REGION + r"_[A-Za-z0-9]+")
_ISSUER: Final = re.compile(
    r"https://(issuer-)?cognito-idp\."
    + _REGION
    + r"\.amazonaws\.(com|com\.cn|eu)/(?P=region)_[A-Za-z0-9]+"
)
_REPLICA: Final = re.compile(
    r"https://cognito-idp\."
    + _REGION
    + r"\.amazonaws\.(com|com\.cn|eu)/(?!(?P=region)_)[a-z]+(-[a-z]+)+-[0-9]+_[A-Za-z0-9]+"
)
_HOST: Final = re.compile(r"(issuer-)?cognito-idp\.[a-z0-9-]+\.amazonaws\.(com|com\.cn|eu)\.?")

_ORIGINAL_FORM: Final = "https://cognito-idp."
_UPDATED_FORM: Final = "https://issuer-cognito-idp."


@cache
def is_user_pool(issuer: str) -> bool:
    """Return whether it is a user pool's issuer string, in either form."""
    return _ISSUER.fullmatch(issuer) is not None


def is_replica(issuer: str) -> bool:
    """Return whether an issuer string is that of a pool's replica in another region.

    With the original form, `iss` has the region of the replica that issued the token, and the id
    that the pool has everywhere (multi-Region replication for user pools, Amazon Cognito guide).
    """
    return _REPLICA.fullmatch(issuer) is not None


def is_cognito_host(host: str) -> bool:
    """Return whether user pools, and nothing else, are issuers on this host."""
    return _HOST.fullmatch(host) is not None


def issuer_of(user_pool_id: object) -> str | None:
    """Return a pool's issuer in its original form, or None if that is not the id of a pool."""
    match = _POOL_ID.fullmatch(user_pool_id) if isinstance(user_pool_id, str) else None
    if match is None:
        return None
    region = match["region"]
    domain = _DOMAINS.get(region.partition("-")[0], "amazonaws.com")
    return f"{_ORIGINAL_FORM}{region}.{domain}/{match[0]}"


def other_form(issuer: str) -> str | None:
    """Return the same pool's other issuer string, or None for another issuer.

    IssuerConfigurationType, Amazon Cognito user pools API.
    """
    if not is_user_pool(issuer):
        return None
    if issuer.startswith(_UPDATED_FORM):
        return issuer.replace(_UPDATED_FORM, _ORIGINAL_FORM, 1)
    return issuer.replace(_ORIGINAL_FORM, _UPDATED_FORM, 1)
