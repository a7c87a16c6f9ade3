"""What the verifier does where `cryptography` leaves it no other way."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from jwt_verifier import curve_keys
from jwt_verifier.jwks import parse_jwks
from tests.issuer import Issuer


class _Choosy(Ed25519PublicKey):
    """A release of `cryptography` that refuses a point of 32 bytes."""

    @classmethod
    def from_public_bytes(cls, data: bytes) -> Ed25519PublicKey:
        raise ValueError(len(data))


def test_a_point_that_cryptography_refuses_costs_its_key_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(curve_keys, "Ed25519PublicKey", _Choosy)
    document = str(Issuer("https://issuer.example", "EdDSA").jwks()).replace("'", '"').encode()
    keys = parse_jwks(document, frozenset({"EdDSA"}))
    assert not keys.by_kid
    assert keys.skipped == {"weak_or_malformed_key": 1}
