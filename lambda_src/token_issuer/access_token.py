"""Client, scopes and time -> the claims of an RFC 9068 access token. Pure."""

from dataclasses import dataclass
from typing import Final

MAX_SCOPE_CHARACTERS: Final = 2_000
"""Of all scopes of a token, with a space between each: with the longest issuer and audience that
`settings` takes, header and claims are then below the 4,096 bytes that KMS signs in one call."""

TOKEN_TYPE: Final = "at+jwt"  # noqa: S105  # RFC 9068 section 2.1's media type


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token says.

    Attributes:
        issuer: `iss`.
        audience: `aud`.
        client_id: `client_id`, and `sub` too: no person stands behind it (RFC 9068 section 2.2).
        scopes: `scope`.
        issued_at: `iat`, in seconds since the epoch.
        lifetime_seconds: `exp - iat`.
        token_id: `jti`, never used twice.
    """

    issuer: str
    audience: str
    client_id: str
    scopes: tuple[str, ...]
    issued_at: int
    lifetime_seconds: int
    token_id: str

    def claims(self) -> dict[str, object]:
        """Return the claims (RFC 9068 section 2.2)."""
        return {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": self.client_id,
            "client_id": self.client_id,
            "scope": " ".join(self.scopes),
            "iat": self.issued_at,
            "exp": self.issued_at + self.lifetime_seconds,
            "jti": self.token_id,
        }
