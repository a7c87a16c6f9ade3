"""A given JWK set -> a key source that asks no network."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from jwt_verifier.errors import SettingsInvalid
from jwt_verifier.jwks import JwksInvalid, PublicKeys, parse_jwks

JwksDocument = Mapping[str, object] | str | bytes
"""A JWK set, parsed or as JSON text."""


@dataclass(frozen=True, slots=True)
class StaticKeys:
    """Keys that only a new deployment replaces."""

    keys: PublicKeys

    def fetch(self, *, rediscover: bool) -> PublicKeys:  # noqa: ARG002  # there is one place to look
        """Return the keys."""
        return self.keys


def static_keys(where: str, document: JwksDocument, algorithms: frozenset[str]) -> StaticKeys:
    """Take an issuer's keys out of a document (RFC 7517 section 5).

    Args:
        where: how an error names the document.
        document: the JWK set.
        algorithms: the issuer's list.

    Raises:
        SettingsInvalid: the document is not a JWK set, or none of its keys may be used.
    """
    try:
        keys = parse_jwks(_bytes_of(document), algorithms)
    except (JwksInvalid, TypeError, ValueError) as invalid:
        raise SettingsInvalid(f"{where}: {invalid}; give a JWK set, parsed or as JSON") from None
    if not keys.by_kid:
        raise SettingsInvalid(
            f"{where}: no usable key, skipped: {dict(keys.skipped)}; give a public key "
            f"with a kid, for one of {', '.join(sorted(algorithms))}"
        )
    return StaticKeys(keys)


def _bytes_of(document: JwksDocument) -> bytes:
    if isinstance(document, bytes):
        return document
    text = document if isinstance(document, str) else json.dumps(document)
    return text.encode()
