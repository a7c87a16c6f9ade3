"""AccessTable + StageConfig -> the app clients of one stage. Imports no CDK."""

from collections.abc import Iterator
from dataclasses import dataclass

from aws_jwt_authorizer.access.clients.kinds import AppClient, MachineClient, NativeClient
from aws_jwt_authorizer.access.rules import AccessTable
from aws_jwt_authorizer.field_checks import app_scheme
from stacks.stage.config import StageConfig
from stacks.stage.config_fields import ConfigInvalid
from stacks.stage.parts.client_addresses import ClientAddresses

MINUTE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class StageClient:
    """A client of the access table in one stage.

    Attributes:
        client: As the table has it.
        addresses: What the stage says of it; nothing of a machine.
        token_minutes: Life of its access and ID tokens.
        refresh_days: Life of its refresh tokens.
    """

    client: AppClient
    addresses: ClientAddresses
    token_minutes: int
    refresh_days: int


def stage_clients(table: AccessTable, config: StageConfig) -> tuple[StageClient, ...]:
    """Return the clients that a stage makes: every machine, and the others with an entry in it.

    Args:
        table: A table that `check_table` has accepted.
        config: The stage.

    Raises:
        ConfigInvalid: If the stage and the table do not fit: one line that names the field.
    """
    # A pool that is there already has its clients.
    return () if config.user_pool else tuple(_stage_clients(table, config))


def _stage_clients(table: AccessTable, config: StageConfig) -> Iterator[StageClient]:
    for client in table.clients:
        addresses = config.clients.get(client.name)
        if addresses is None and not isinstance(client, MachineClient):
            continue
        for problem in (
            *_address_problems(client, addresses),
            *_lifetime_problems(client, config),
        ):
            raise ConfigInvalid(f"context.stages.{config.stage}.{problem}")
        refresh_days = None if isinstance(client, MachineClient) else client.refresh_days
        yield StageClient(
            client,
            addresses or ClientAddresses(),
            token_minutes=client.token_minutes or config.token_validity_minutes,
            refresh_days=refresh_days or config.refresh_token_days,
        )


def _address_problems(client: AppClient, addresses: ClientAddresses | None) -> Iterator[str]:
    where = f"clients.{client.name}"
    if addresses is None:
        return
    if isinstance(client, MachineClient):
        yield f"{where}: remove it, a MachineClient is sent nowhere and signs nobody in"
        return
    native = isinstance(client, NativeClient)
    if addresses.password_sign_in and not native:
        yield (
            f"{where}.password_sign_in is true, and only a NativeClient may take a person's "
            "password itself: set it to false"
        )
    if not addresses.callback_urls and not addresses.password_sign_in:
        yield (
            f"{where}.callback_urls is missing, so nobody can sign in with the client: name one URL"
            + ", or set password_sign_in to true" * native
        )
    if addresses.logout_urls and not addresses.callback_urls:
        yield f"{where}.logout_urls: remove them, who signs in without a URL signs out without one"
    for field in ("callback_urls", "logout_urls"):
        for url in getattr(addresses, field):
            yield from (f"{where}.{field} has {url!r}: {text}" for text in _misfits(client, url))


def _misfits(client: AppClient, url: str) -> Iterator[str]:
    """Yield what is wrong with a URL of an app's own scheme, for this client."""
    found = app_scheme(url)
    if found is None:
        return
    if not isinstance(client, NativeClient):
        yield "a WebClient is sent back to https alone, or by http to this machine"
    elif client.scheme is None:
        yield f"give the client scheme={found!r} in stacks/access.py, or remove the URL"
    elif found != client.scheme:
        yield f"the client's scheme in stacks/access.py is {client.scheme!r}"


def _lifetime_problems(client: AppClient, config: StageConfig) -> Iterator[str]:
    where = f"client {client.name!r} of stacks/access.py has"
    minutes = client.token_minutes
    longest, kept = config.token_validity_minutes, config.authorizer_cache_ttl_seconds
    if minutes is not None and minutes > longest:
        yield (
            f"token_validity_minutes is {longest}, the longest of this stage, and {where} "
            f"token_minutes={minutes}: lower that, or raise this"
        )
    if minutes is not None and minutes * MINUTE_SECONDS < kept:
        yield (
            f"authorizer_cache_ttl_seconds is {kept}, and {where} token_minutes={minutes}: the "
            "gateway would keep answers for longer than the tokens live, so set it to at most "
            f"{minutes * MINUTE_SECONDS}"
        )
    days = None if isinstance(client, MachineClient) else client.refresh_days
    if days is not None and days > config.refresh_token_days:
        yield (
            f"refresh_token_days is {config.refresh_token_days}, the longest of this stage, and "
            f"{where} refresh_days={days}: lower that, or raise this"
        )
