"""The issuer's function -> the certainty that it signs with a key that is published."""

import base64
import json
import secrets
from collections.abc import Mapping
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

from function_kit.aws import AwsClient
from key_rotation.errors import IssuerNotReady

PREFIX: Final = b"A signature that proves a key, and not a token: "
"""What `token_issuer` puts before the nonce, so that the signature is never one of a token."""

NONCE_BYTES: Final = 16


class SignatureProof:
    """Asks the issuer's function for a signature, as itself: this function never signs.

    Args:
        lambda_client: A client of the SDK.
        function: The issuer's function.
    """

    def __init__(self, lambda_client: AwsClient, function: str) -> None:
        self._lambda = lambda_client
        self._function = function

    def check(self, jwks: Mapping[str, Any]) -> None:
        """Have a nonce signed and verify it with the published keys.

        Raises:
            IssuerNotReady: The function does not answer, or with another signature.
        """
        nonce = secrets.token_hex(NONCE_BYTES)
        answer = self._asked({"action": "prove-signature", "nonce": nonce})
        keys = {key["kid"]: key for key in jwks["keys"]}
        try:
            jwk, signature = keys[answer["kid"]], base64.b64decode(answer["signature"])
            numbers = RSAPublicNumbers(_integer(jwk["e"]), _integer(jwk["n"]))
            numbers.public_key().verify(signature, PREFIX + nonce.encode(), PKCS1v15(), SHA256())
        except (KeyError, TypeError, ValueError, InvalidSignature) as error:
            raise IssuerNotReady(
                f"the issuer's signature is not one of a published key ({type(error).__name__})"
            ) from None

    def _asked(self, question: Mapping[str, str]) -> Mapping[str, Any]:
        try:
            answer = self._lambda.invoke(
                FunctionName=self._function, Payload=json.dumps(question).encode()
            )
            body = json.loads(answer["Payload"].read())
        except ClientError as error:
            raise IssuerNotReady(
                f"the issuer's function cannot be invoked: {error.response['Error']['Code']}"
            ) from None
        except (BotoCoreError, ValueError) as error:
            raise IssuerNotReady(
                f"the issuer's function does not answer: {type(error).__name__}"
            ) from None
        if answer.get("FunctionError") or not isinstance(body, dict):
            raise IssuerNotReady("the issuer's function fails; its log says why")
        if "reason" in body:
            raise IssuerNotReady(f"the issuer cannot sign: {body['reason']}")
        return body


def _integer(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(f"{text}=="))
