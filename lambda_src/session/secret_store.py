"""The name of a secret -> its text. The only reader of Secrets Manager."""

from typing import Any, Final

from function_kit.aws import AWS_ERRORS, AwsClient, error_code
from session.errors import Unavailable

CURRENT: Final = "AWSCURRENT"
PREVIOUS: Final = "AWSPREVIOUS"
_NO_SUCH_VERSION: Final = "ResourceNotFoundException"


class SecretStore:
    """Reads secrets.

    Args:
        secretsmanager: A client of the SDK.
    """

    def __init__(self, secretsmanager: AwsClient) -> None:
        self._secretsmanager = secretsmanager

    def read(self, secret_id: str, stage: str = CURRENT) -> str | None:
        """Read the text of a secret; None if it has no such version, or is not text.

        Args:
            secret_id: Name or ARN.
            stage: Which version.

        Raises:
            Unavailable: It cannot be read now.
        """
        try:
            answer: dict[str, Any] = self._secretsmanager.get_secret_value(
                SecretId=secret_id, VersionStage=stage
            )
        except AWS_ERRORS as error:
            code = error_code(error)
            if code == _NO_SUCH_VERSION:
                return None
            raise Unavailable("the secret cannot be read", f"secret_{code}") from None
        text = answer.get("SecretString")
        return text if isinstance(text, str) else ""
