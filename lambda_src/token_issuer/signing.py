"""Claims -> a token, and a question of the deployment -> the proof that tokens can be signed."""

import base64
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from function_kit.aws import AwsClient
from function_kit.key_ring import SigningKey
from token_issuer.access_token import TOKEN_TYPE
from token_issuer.errors import KeyRefused, RequestInvalid, ServerError
from token_issuer.key_ring import KeyRing
from token_issuer.kms_algorithm import NAME, KmsRs256, kms_signer

Signed = TypeVar("Signed")

PassedOver = Callable[[str, str], None]
"""Told the `kid` of a key that KMS refused, and the reason."""

PROOF: Final = "prove-signature"
PROOF_PREFIX: Final = b"A signature that proves a key, and not a token: "
"""With its spaces it is never the beginning of a JWS's signing input (RFC 7515 section 5.1)."""

_NONCE: Final = re.compile(r"[0-9a-f]{32}")


class Signing:
    """Signs with the published key whose time it is, or with another one that KMS does not refuse.

    Args:
        key_ring: The published keys.
        kms: A client of the SDK.
    """

    def __init__(self, key_ring: KeyRing, kms: AwsClient) -> None:
        self._key_ring = key_ring
        self._signer = kms_signer(kms)
        self._algorithm = KmsRs256(kms)

    def token(
        self, claims: Mapping[str, object], now: float, passed_over: PassedOver
    ) -> tuple[str, str]:
        """Return the token and the `kid` of the key that signed it.

        Args:
            claims: What the token says.
            now: Seconds since the epoch.
            passed_over: Called for each key that KMS refused.

        Raises:
            ServerError: KMS refuses every published key, or the token itself.
            Unavailable: The keys cannot be read, or KMS does not answer, now.
        """
        payload = json.dumps(claims, separators=(",", ":")).encode()

        def sign(key: SigningKey) -> str:
            headers = {"typ": TOKEN_TYPE, "kid": key.kid}
            return self._signer.encode(payload, key.kms_key_id, NAME, headers)

        return self._with_a_key(sign, now, passed_over)

    def proof(
        self, question: Mapping[str, Any], now: float, passed_over: PassedOver
    ) -> dict[str, str]:
        """Sign the request's nonce, in a form that no verifier takes for a token.

        Args:
            question: `{"nonce": ...}`, 32 hexadecimal digits.
            now: Seconds since the epoch.
            passed_over: Called for each key that KMS refused.

        Raises:
            RequestInvalid: There is no such nonce.
            OAuthError: As `token` does.
        """
        nonce = question.get("nonce")
        if not isinstance(nonce, str) or not _NONCE.fullmatch(nonce):
            raise RequestInvalid("nonce must be 32 hexadecimal digits")
        message = PROOF_PREFIX + nonce.encode()
        signature, kid = self._with_a_key(
            lambda key: self._algorithm.sign(message, key.kms_key_id), now, passed_over
        )
        return {"kid": kid, "signature": base64.b64encode(signature).decode()}

    def _with_a_key(
        self, sign: Callable[[SigningKey], Signed], now: float, passed_over: PassedOver
    ) -> tuple[Signed, str]:
        reason = ""
        for key in self._key_ring.keys().signers(now):
            try:
                return sign(key), key.kid
            except KeyRefused as refused:
                passed_over(key.kid, refused.reason)
                reason = refused.reason
        raise ServerError("tokens cannot be signed", reason)
