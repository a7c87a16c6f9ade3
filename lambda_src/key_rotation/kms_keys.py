"""When a key begins to sign -> a new key of KMS, and back to nothing. The only user of KMS.

A private half never leaves KMS. Each key is tagged with its issuer: that tag is what the issuer's
role may sign with and this function's role may delete.
"""

import base64
import hashlib
import json
import time
from collections.abc import Callable
from typing import Final

from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from key_rotation.aws import AwsClient
from key_rotation.errors import KeyNotReady
from key_rotation.key_ring import SigningKey

OWNER_TAG: Final = "jwt-authorizer-issuer"
PENDING_DAYS: Final = 7
"""The shortest that KMS allows: by then nothing has needed the key for hours."""

PUBLIC_KEY_TRIES: Final = 6
"""A new key is known everywhere within seconds (KMS, "eventual consistency")."""


class KmsKeys:
    """Makes and deletes the keys of one issuer."""

    def __init__(
        self, kms: AwsClient, owner: str, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._kms = kms
        self._owner = owner
        self._sleep = sleep

    def create(self, signs_from: int) -> SigningKey:
        """Make a key that is to sign from `signs_from`, in seconds since the epoch.

        RSA with 2048 bits, because API Gateway's built-in authorizer verifies nothing but RSA.

        Raises:
            KeyNotReady: Its public half is not to be had; the key is deleted again.
        """
        metadata = self._kms.create_key(
            KeySpec="RSA_2048",
            KeyUsage="SIGN_VERIFY",
            Description=f"Signs access tokens of {self._owner}",
            Tags=[{"TagKey": OWNER_TAG, "TagValue": self._owner}],
        )["KeyMetadata"]
        key_id: str = metadata["KeyId"]
        try:
            jwk = public_jwk(self._public_key(key_id))
        except BaseException:
            self._schedule_deletion(key_id)
            raise
        return SigningKey(key_id, signs_from, jwk)

    def delete(self, key: SigningKey) -> None:
        """Delete a key, or leave it if that has been done already."""
        self._schedule_deletion(key.kms_key_id)

    def _schedule_deletion(self, key_id: str) -> None:
        try:
            self._kms.schedule_key_deletion(KeyId=key_id, PendingWindowInDays=PENDING_DAYS)
        except ClientError as error:
            gone = ("KMSInvalidStateException", "NotFoundException")
            if error.response["Error"]["Code"] not in gone:
                raise

    def _public_key(self, key_id: str) -> bytes:
        for attempt in range(PUBLIC_KEY_TRIES):
            if attempt:
                self._sleep(1.0)
            try:
                der: bytes = self._kms.get_public_key(KeyId=key_id)["PublicKey"]
            except ClientError as error:
                if error.response["Error"]["Code"] != "NotFoundException":
                    raise
            else:
                return der
        raise KeyNotReady("KMS does not know the key that it has just made; run again")


def public_jwk(der: bytes) -> dict[str, str]:
    """The JWK of an RSA public key; its `kid` is its thumbprint (RFC 7517, 7518 6.3, 7638).

    Args:
        der: A SubjectPublicKeyInfo, as KMS gives it.

    Raises:
        KeyNotReady: It is no RSA key.
    """
    key = load_der_public_key(der)
    if not isinstance(key, RSAPublicKey):
        raise KeyNotReady("KMS has made a key that is not RSA")
    numbers = key.public_numbers()
    required = {"e": _base64url(numbers.e), "kty": "RSA", "n": _base64url(numbers.n)}
    canonical = json.dumps(required, separators=(",", ":"), sort_keys=True)
    thumbprint = hashlib.sha256(canonical.encode()).digest()
    return {**required, "alg": "RS256", "use": "sig", "kid": _encoded(thumbprint)}


def _base64url(number: int) -> str:
    return _encoded(number.to_bytes((number.bit_length() + 7) // 8))


def _encoded(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
