"""How a token looks that a provider documents, and what it must be read as."""

from dataclasses import dataclass, field
from typing import Any

from aws_jwt_authorizer.access.issuers import Issuer


@dataclass(frozen=True)
class Shape:
    """A documented token, and what it must be read as.

    `iss` is in `claims`; `iat` and `exp` are added. `header` beside `alg` and `kid`.
    """

    source: str
    issuer: Issuer
    claims: dict[str, Any]
    header: dict[str, Any] = field(default_factory=lambda: {"typ": "JWT"})
    algorithm: str = "RS256"
    token_use: str | None = None
    client_id: str | None = None
    scopes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
