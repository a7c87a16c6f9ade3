"""The trust boundary: a token off the wire, and what is known once it has been verified."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NewType

UnverifiedToken = NewType("UnverifiedToken", str)

FINGERPRINT_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class VerifiedToken:
    """What an issuer vouches for. Only `Verifier` makes one.

    `issuer` is the claim `iss`, `issuer_name` the name that the settings give that issuer.
    `client_id` is the claim of that name, or the one in which the issuer writes its client.
    `token_use` is "access" or "id", or None if the token does not say. `expires_at` is in seconds
    since the epoch. `scopes`, `groups` and `roles` are whole values, in the token's order.
    """

    issuer: str
    issuer_name: str
    key_id: str
    subject: str | None
    client_id: str | None
    token_use: str | None
    scopes: tuple[str, ...]
    groups: tuple[str, ...]
    expires_at: float
    claims: Mapping[str, object] = field(repr=False)
    roles: tuple[str, ...] = ()


def fingerprint(token: UnverifiedToken) -> str:
    """Return a name for the token that is safe in a log: 16 hex digits.

    It covers the signing input alone: an ECDSA signature has a second valid form, so a name made
    from the whole text would give one token two names.
    """
    signing_input = token.rpartition(".")[0]
    return sha256(signing_input.encode()).hexdigest()[:FINGERPRINT_CHARACTERS]
