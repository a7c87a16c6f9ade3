"""Claims and header, legal or not -> a token, signed as honestly or dishonestly as the caller says.

Nothing here goes through a library's encoder, for those refuse to write what an attacker would.
"""

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.attacks.keyring import Keyring
from tests.signing_key import SigningKey, jws_algorithm

ISSUER: Final = "https://issuer.example"
AUDIENCE: Final = "https://orders.example"
LIFETIME_SECONDS: Final = 900
LEEWAY_SECONDS: Final = 60


class _Absent:
    def __repr__(self) -> str:
        return "ABSENT"  # the name of a test must be the same in every process


ABSENT: Final[object] = _Absent()
"""A member that is left out; None is written as null."""

Sign = Callable[[bytes], bytes]
"""Takes the signing input, returns the signature."""

Json = Mapping[str, Any] | bytes


def b64(raw: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """Return the bytes of base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def to_json(value: Json) -> bytes:
    """Return compact JSON; bytes stay what they are."""
    return value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()


def signer(key: SigningKey, algorithm: str | None = None) -> Sign:
    """Return an honest signer with the key, by default with the key's own algorithm."""
    signs = jws_algorithm(algorithm or key.algorithm)
    return lambda signing_input: bytes(signs.sign(signing_input, key.private_key))


def hmac_signer(algorithm: str, secret: bytes) -> Sign:
    """Return a signer with a shared secret; PyJWT's guards on what may be one are left out."""
    return lambda signing_input: hmac.digest(secret, signing_input, algorithm)


def join(header_text: str, payload_text: str, sign: Sign) -> str:
    """Return a token of two segments as they are and a signature over exactly them."""
    signing_input = f"{header_text}.{payload_text}"
    return f"{signing_input}.{b64(sign(signing_input.encode()))}"


def no_signature(_signing_input: bytes) -> bytes:
    """Sign with nothing."""
    return b""


@dataclass(frozen=True, slots=True)
class Mint:
    """Makes tokens of one issuer at one time, in seconds since the epoch."""

    now: int
    keys: Keyring

    @property
    def key(self) -> SigningKey:
        """The issuer's RS256 key."""
        return self.keys.issuer["RS256"]

    def jwks_text(self) -> str:
        """Return the key set that the issuer publishes."""
        return json.dumps(self.keys.jwks())

    def claims(self, **changes: object) -> dict[str, object]:
        """Return the claims of a good access token, changed."""
        claims: dict[str, object] = {
            "iss": ISSUER,
            "sub": "6c1e9c2a-subject",
            "aud": AUDIENCE,
            "client_id": "web-client",
            "token_use": "access",
            "scope": "orders/read profile",
            "iat": self.now - 5,
            "exp": self.now + LIFETIME_SECONDS,
            "jti": "b1946ac9-token",
        }
        return _without_absent({**claims, **changes})

    def header(self, key: SigningKey | None = None, /, **changes: object) -> dict[str, object]:
        """Return the header that a good token of this key carries, changed."""
        key = key or self.key
        return _without_absent({"alg": key.algorithm, "kid": key.kid, "typ": "JWT", **changes})

    def token(
        self,
        header: Json | None = None,
        claims: Json | None = None,
        *,
        key: SigningKey | None = None,
        sign: Sign | None = None,
    ) -> str:
        """Return a token; by default a good one, signed by the issuer's key."""
        key = key or self.key
        header_bytes = to_json(self.header(key) if header is None else header)
        claims_bytes = to_json(self.claims() if claims is None else claims)
        return join(b64(header_bytes), b64(claims_bytes), sign or signer(key))


def _without_absent(members: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in members.items() if value is not ABSENT}
