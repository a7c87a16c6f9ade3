"""The table and the stage -> what the authorizer would refuse when it starts.

What only a deployment knows, such as the pool's id and the API's address, is given a value of the
same shape and length.
"""

from dataclasses import replace

from aws_cdk import Token

from aws_jwt_authorizer.access.api_limits import PAGES_CLIENTS
from aws_jwt_authorizer.access.rules import AccessTable
from aws_jwt_authorizer.access.table_checks import AccessInvalid
from aws_jwt_authorizer.settings.start_check import (
    CheckFailed,
    IssuerRefused,
    Refused,
    start_refusal,
)
from stacks.authorizer.authorizer_settings import authorizer_settings
from stacks.identity.pool_tokens import pool_tokens
from stacks.stage.config import StageConfig
from stacks.stage.config_fields import ConfigInvalid

REGION = "ap-northeast-1"
POOL_ID = f"{REGION}_Placehold"
CLIENT_ID = "0placeholder0placeholder{}"
API_ORIGIN = f"https://placehold1.execute-api.{REGION}.amazonaws.com"
OF_STAGE = ("url", "audiences", "client_ids", "jwks_uri")


def check_start(config: StageConfig, access: AccessTable) -> None:
    """Accept what the authorizer starts with, or say what it refuses in the words of the user.

    Args:
        config: The stage.
        access: The table of that stage, which `check_table` has accepted.

    Raises:
        AccessInvalid: If it is for the table; one line with the entry, the field and the fix.
        ConfigInvalid: If it is for the stage; likewise.
    """
    access = _with_addresses(access)
    clients = tuple(
        CLIENT_ID.format(number) for number in range(len(access.clients) + PAGES_CLIENTS)
    )
    pool = pool_tokens(config, REGION, POOL_ID, clients)
    settings = authorizer_settings(config, access, pool, (API_ORIGIN,))
    try:
        refusal = start_refusal(settings)
    except CheckFailed as error:
        raise ConfigInvalid(f"{error} (run make setup)") from None
    if refusal is not None:
        raise _in_words(refusal, config, access)


def _with_addresses(access: AccessTable) -> AccessTable:
    """Return the table with an address in the place of each that is known once it is deployed."""
    issuers = (
        replace(
            issuer,
            url=_address(issuer.url),
            other_urls=tuple(_address(url) or "" for url in issuer.other_urls),
        )
        for issuer in access.issuers
    )
    return replace(access, issuers=tuple(issuers))


def _address(url: str | None) -> str | None:
    return API_ORIGIN if url is not None and Token.is_unresolved(url) else url


def _in_words(
    refusal: IssuerRefused | Refused, config: StageConfig, access: AccessTable
) -> Exception:
    """Reword the function's refusal where the field is the stage's."""
    if isinstance(refusal, IssuerRefused):
        issuer = next(item for item in access.issuers if item.name == refusal.name)
        if issuer.from_stage and refusal.field in OF_STAGE:
            place = f"context.stages.{config.stage}.issuers.{refusal.name}.{refusal.field}"
            return ConfigInvalid(f"{place}: {refusal.words}")
    return AccessInvalid(f"stacks/access.py: {refusal}")
