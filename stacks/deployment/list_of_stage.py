"""A stage -> where its list of revocations is: its stacks say so, or what `make local` has written.

A deployed stage is asked, and no file of this checkout: who cuts somebody off need not be the one
who has deployed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import boto3

from function_kit.aws import AwsClient, call_limits
from stacks.deployment.caller import Caller
from stacks.deployment.deployed_outputs import deployed_outputs
from stacks.deployment.errors import CommandRefused
from stacks.stage.config import StageConfig
from stacks.stage.fields import LOCAL_STAGE

TABLE, API, POOL = "RevocationTable", "ApiId", "UserPoolId"
"""The outputs that say where it is, and what else must hear of it."""

API_STAGE = "$default"
_CALLS = call_limits(connect_seconds=5, read_seconds=10, attempts=3)


@dataclass(frozen=True, slots=True)
class ListOfStage:
    """Where a stage's list is.

    Attributes:
        place: In words: account and region, or this machine.
        table: The table's name.
        api_id: The API whose gateway keeps decisions.
        pool_id: The user pool.
        by: Who writes, for the entry.
        endpoints: Where services are that AWS does not serve, by name.
        region: Of all of it.
    """

    place: str
    table: str
    api_id: str
    pool_id: str
    by: str
    endpoints: Mapping[str, str]
    region: str

    def client(self, service: str) -> AwsClient:
        """Return a client of the SDK for what stands there."""
        keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
        return boto3.session.Session().client(
            service,  # type: ignore[call-overload]  # the service is a variable
            region_name=self.region,
            endpoint_url=self.endpoints.get(service),
            config=_CALLS,
            **(keys if self.endpoints else {}),
        )


def deployed_list(config: StageConfig, who: Caller) -> ListOfStage:
    """Return where the list of a deployed stage is.

    Args:
        config: The stage.
        who: Whose credentials the environment has, and where the stage is.

    Raises:
        CommandRefused: The stage is not deployed there, or without revocation; or AWS refuses.
    """
    found = {
        name: value
        for stack in ("api", "identity")
        for name, value in deployed_outputs(config, stack, who).items()
    }
    place = f"account {who.account}, region {who.region}"
    if TABLE not in found:
        raise CommandRefused(
            f"{config.stage} is deployed in {place} without revocation: "
            f"make deploy STAGE={config.stage}"
        )
    return ListOfStage(place, found[TABLE], found[API], found[POOL], who.arn, {}, who.region)


def local_list(outputs_path: Path) -> ListOfStage:
    """Return where the list of the stage is that this machine serves.

    Args:
        outputs_path: What `make local` has written.

    Raises:
        CommandRefused: Nothing is served, or without revocation.
    """
    try:
        outputs = json.loads(outputs_path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise CommandRefused(
            f"no stack serves with {outputs_path}: make local starts one"
        ) from None
    where = outputs["revocation"]
    if where is None:
        raise CommandRefused(
            f"what is served was started without revocation: set context.stages.{LOCAL_STAGE}."
            "revocation in cdk.json, then make local"
        )
    services, cognito = where["services"], outputs["cognito_endpoint"]
    return ListOfStage(
        place="this machine",
        table=where["table"],
        api_id=where["api_id"],
        pool_id=outputs["user_pool_id"],
        by="this machine",
        endpoints={"dynamodb": services, "apigatewayv2": services, "cognito-idp": cognito},
        region=outputs["region"],
    )
