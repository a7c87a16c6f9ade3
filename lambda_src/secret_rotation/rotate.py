"""Start here: one step of a rotation -> what Secrets Manager keeps ("Lambda rotation functions").

A new version is made beside the old ones and then named the current one; the one before stays
readable as the previous one. Each step may come twice and then changes nothing.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from function_kit.aws import AwsClient, error_code
from secret_rotation.errors import ClientInvalid, RequestInvalid
from secret_rotation.settings import PoolClient, Settings

CURRENT: Final = "AWSCURRENT"
PENDING: Final = "AWSPENDING"
STEPS: Final = ("createSecret", "setSecret", "testSecret", "finishSecret")
COOKIE_SECRET_BYTES: Final = 48
_NO_SUCH_VERSION: Final = "ResourceNotFoundException"


@dataclass(frozen=True, slots=True)
class Step:
    """One call of Secrets Manager.

    Attributes:
        name: One of the four steps.
        secret_arn: Of the secret that is rotated.
        version: The id of its new version.
    """

    name: str
    secret_arn: str
    version: str

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> "Step":
        """Read what Secrets Manager sends.

        Raises:
            RequestInvalid: It is something else.
        """
        step = cls(
            *(str(event.get(name, "")) for name in ("Step", "SecretId", "ClientRequestToken"))
        )
        if step.name not in STEPS or not step.version:
            raise RequestInvalid(f"Step: {step.name!r:.80}; only Secrets Manager may call")
        return step


class Rotation:
    """Rotates the secrets of one backend.

    Args:
        settings: Which they are.
        secretsmanager: A client of the SDK.
        cognito: Another; it is asked only for the secret of an app client.
    """

    def __init__(
        self, settings: Settings, *, secretsmanager: AwsClient, cognito: AwsClient
    ) -> None:
        self._settings = settings
        self._secretsmanager = secretsmanager
        self._cognito = cognito

    def run(self, step: Step) -> None:
        """Run one step.

        Raises:
            RequestInvalid: The secret is not ours.
            ClientInvalid: The app client has no secret.
        """
        client = self._settings.pool_client
        known = {self._settings.cookie_secret_arn, *([client.secret_arn] if client else [])}
        if step.secret_arn not in known:
            raise RequestInvalid(f"SecretId: {step.secret_arn!r:.200}; it is not rotated here")
        match step.name:
            case "createSecret":
                self._create(step)
            case "finishSecret":
                self._finish(step)
            case _:
                """Nobody else keeps the value, so there is nothing to set and nothing to test."""

    def _create(self, step: Step) -> None:
        try:
            self._secretsmanager.get_secret_value(
                SecretId=step.secret_arn, VersionId=step.version, VersionStage=PENDING
            )
        except ClientError as error:
            if error_code(error) != _NO_SUCH_VERSION:
                raise
        else:
            return
        self._secretsmanager.put_secret_value(
            SecretId=step.secret_arn,
            ClientRequestToken=step.version,
            SecretString=self._new_value(step),
            VersionStages=[PENDING],
        )

    def _finish(self, step: Step) -> None:
        stages = self._secretsmanager.describe_secret(SecretId=step.secret_arn)
        current = next(
            version for version, names in stages["VersionIdsToStages"].items() if CURRENT in names
        )
        if current == step.version:
            return
        self._secretsmanager.update_secret_version_stage(
            SecretId=step.secret_arn,
            VersionStage=CURRENT,
            MoveToVersionId=step.version,
            RemoveFromVersionId=current,
        )

    def _new_value(self, step: Step) -> str:
        client = self._settings.pool_client
        if client and step.secret_arn == client.secret_arn:
            return self._client_secret(client)
        return secrets.token_urlsafe(COOKIE_SECRET_BYTES)

    def _client_secret(self, client: PoolClient) -> str:
        answer = self._cognito.describe_user_pool_client(
            UserPoolId=client.user_pool_id, ClientId=client.client_id
        )
        secret = answer["UserPoolClient"].get("ClientSecret")
        if not secret:
            raise ClientInvalid(f"CLIENT_ID: {client.client_id} has no secret at Cognito")
        return json.dumps({"client_id": client.client_id, "client_secret": secret})
