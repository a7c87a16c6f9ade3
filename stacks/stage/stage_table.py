"""AccessTable + StageConfig -> the table of one stage: what it has not configured is not there."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from aws_jwt_authorizer.access.rules import AccessTable, HttpBackend, Issuer, Route
from stacks.stage.config import OWN_ISSUER, StageConfig
from stacks.stage.config_fields import ConfigInvalid

TENANT_CLAIM = "tenant"
"""The claim that the pool's tokens have only where the stage's `tenant_claim` says so."""


def table_of_stage(table: AccessTable, config: StageConfig) -> AccessTable:
    """Return the table with the stage's addresses, less the routes that the stage cannot serve.

    Left out are an issuer that the table leaves to the stage and the stage does not name, a route
    that asks for such issuers alone, a route to an HTTP backend that the stage does not name, and
    a route that asks for the claim `tenant` where no function makes it.

    Args:
        table: A table that `check_table` has accepted.
        config: The stage.

    Raises:
        ConfigInvalid: If the stage names an issuer or a backend that the table does not leave to
            it.
    """
    from_stage = [issuer.name for issuer in table.issuers if issuer.from_stage]
    if config.kms_issuer and OWN_ISSUER not in from_stage:
        raise ConfigInvalid(
            f"context.stages.{config.stage}.kms_issuer: stacks/access.py has no "
            f"Issuer({OWN_ISSUER!r}, from_stage=True) for it: add one, or set it to false"
        )
    _refuse_unknown(config, "issuers", config.issuers, from_stage)
    backends = [route.backend for route in table.routes]
    servers = [backend.name for backend in backends if isinstance(backend, HttpBackend)]
    _refuse_unknown(config, "http_backends", config.http_backends, servers)
    issuers = tuple(_issuers(table, config))
    missing = {issuer.name for issuer in table.issuers} - {issuer.name for issuer in issuers}
    routes = tuple(
        _without(route, missing) for route in table.routes if _is_served(route, config, missing)
    )
    return replace(table, issuers=issuers, routes=routes)


def _issuers(table: AccessTable, config: StageConfig) -> Iterator[Issuer]:
    for issuer in table.issuers:
        address = config.issuers.get(issuer.name)
        if address is not None:
            yield replace(issuer, url=address.url, audiences=address.audiences)
        elif not issuer.from_stage:
            yield issuer


def _is_served(route: Route, config: StageConfig, missing: set[str]) -> bool:
    rule = route.rule
    if isinstance(route.backend, HttpBackend) and route.backend.name not in config.http_backends:
        return False
    if rule is None:
        return True
    if TENANT_CLAIM in (rule.claims or {}) and not config.tenant_claim:
        return False
    return not rule.issuers or not missing.issuperset(rule.issuers)


def _without(route: Route, missing: set[str]) -> Route:
    if route.rule is None or missing.isdisjoint(route.rule.issuers):
        return route
    left = tuple(name for name in route.rule.issuers if name not in missing)
    return replace(route, rule=replace(route.rule, issuers=left))


def _refuse_unknown(
    config: StageConfig, field: str, named: Iterable[str], known: Iterable[str]
) -> None:
    for name in named:
        if name not in known:
            raise ConfigInvalid(
                f"context.stages.{config.stage}.{field}.{name}: stacks/access.py declares "
                f"no such name, use one of {', '.join(sorted(set(known))) or '(none)'}"
            )
