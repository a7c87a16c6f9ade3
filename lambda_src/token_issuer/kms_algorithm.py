"""A PyJWT algorithm whose private key is in AWS KMS: RS256, and nothing but signing."""

from typing import Final, Never

from jwt import PyJWS
from jwt.algorithms import Algorithm

from function_kit.aws import AWS_ERRORS, AwsClient, error_code
from token_issuer.errors import KeyRefused, ServerError, Unavailable

NAME: Final = "RS256"
KEY_REFUSED: Final = frozenset(
    {
        "AccessDeniedException",
        "DisabledException",
        "InvalidKeyUsageException",
        "KMSInvalidStateException",
        "NotFoundException",
    }
)
"""What KMS says of a key that is disabled, pending deletion, gone, or not for us (API reference,
"Sign"). Another key may still sign."""

PERMANENT: Final = frozenset({"ValidationException"})
"""What is wrong with the request itself, whichever key signs."""

RETRY_SECONDS: Final = 5


class KmsRs256(Algorithm):
    """RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 section 3.3), made by KMS's Sign.

    The "key" that PyJWT hands on is the key's id in KMS. The message goes to KMS as it is (`RAW`):
    it is hashed there, once. KMS takes 4,096 bytes; no client has more scopes than fit
    (`client_item`).
    """

    def __init__(self, kms: AwsClient) -> None:
        self._kms = kms

    def prepare_key(self, key: str) -> str:
        """Take the id as it is."""
        return key

    def sign(self, msg: bytes, key: str) -> bytes:
        """Sign in KMS.

        Raises:
            KeyRefused: This key may not sign, now or in five seconds.
            ServerError: KMS cannot sign this message with any key.
            Unavailable: KMS throttles or does not answer, after the SDK's own retries.
        """
        try:
            answer = self._kms.sign(
                KeyId=key,
                Message=msg,
                MessageType="RAW",
                SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_256",
            )
        except AWS_ERRORS as error:
            code = error_code(error)
            if code in KEY_REFUSED:
                raise KeyRefused(f"kms_{code}") from error
            if code in PERMANENT:
                raise ServerError("tokens cannot be signed", f"kms_{code}") from error
            raise Unavailable(
                "tokens cannot be signed now", RETRY_SECONDS, f"kms_{code}"
            ) from error
        signature: bytes = answer["Signature"]
        return signature

    def verify(self, msg: bytes, key: str, sig: bytes) -> Never:
        """Refuse to verify: verifiers use the published key."""
        raise NotImplementedError("verify with the key of the JWKS")

    @staticmethod
    def to_jwk(key_obj: object, as_dict: bool = False) -> Never:  # noqa: FBT001, FBT002  # PyJWT's own
        """Refuse to export: the public half is in the JWKS."""
        raise NotImplementedError("the JWKS holds the key")

    @staticmethod
    def from_jwk(jwk: object) -> Never:
        """Refuse to import: a JWK does not say where its private half is."""
        raise NotImplementedError("the key is named by its id in KMS")


def kms_signer(kms: AwsClient) -> PyJWS:
    """Return a PyJWT signer that knows this one algorithm."""
    signer = PyJWS(algorithms=[])
    signer.register_algorithm(NAME, KmsRs256(kms))
    return signer
