"""The environment -> whose credentials they are, and the region that they are for.

CDK's command line would find out too, after a synthesis; and without a region it takes us-east-1.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import boto3
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    PartialCredentialsError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

from stacks.deployment.errors import CommandRefused

REGION_VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")
"""In the order in which CDK's command line reads them."""


EXPIRED = ("ExpiredToken", "ExpiredTokenException", "RequestExpired")


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose credentials the environment has.

    Attributes:
        account: The account's id.
        region: Where the caller works, unless the stage says otherwise.
        arn: Who it is.
    """

    account: str
    region: str
    arn: str


def _has_expired(error: BotoCoreError | ClientError) -> bool:
    if isinstance(error, ClientError):
        return error.response["Error"]["Code"] in EXPIRED
    return isinstance(error, (UnauthorizedSSOTokenError, TokenRetrievalError))


def caller(environ: Mapping[str, str], region: str | None) -> Caller:
    """Ask AWS whose credentials these are.

    Args:
        environ: The environment's variables.
        region: The region of the stage; None if it has none.

    Raises:
        CommandRefused: There are none, AWS refuses them, or no region is said.
    """
    try:
        # Of a profile that is not there, it is the session that says so.
        session = boto3.session.Session()
        named = (environ.get(variable) for variable in REGION_VARIABLES)
        region = region or next(filter(None, named), None) or session.region_name
        if not region:
            raise CommandRefused(
                "no region is said: set AWS_REGION, or the stage's region in cdk.json"
            )
        identity = session.client("sts", region_name=region).get_caller_identity()
    except (NoCredentialsError, PartialCredentialsError):
        raise CommandRefused(
            "there are no AWS credentials: sign in and name the profile "
            "(aws sso login --profile NAME, then AWS_PROFILE=NAME), or set AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY"
        ) from None
    except (BotoCoreError, ClientError) as error:
        if _has_expired(error):
            raise CommandRefused(
                "the AWS credentials have expired: sign in again "
                "(aws sso login --profile NAME), or set new ones"
            ) from None
        reason = " ".join(str(error).split())
        raise CommandRefused(f"AWS does not say whose credentials these are: {reason}") from error
    return Caller(identity["Account"], region, identity["Arn"])
