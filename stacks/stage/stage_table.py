"""AccessTable + StageConfig -> the table of one stage: what it has not configured is not there."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches

from aws_jwt_authorizer.access.conditions import path_of, rules_of
from aws_jwt_authorizer.access.rules import AccessTable, AnyOf, HttpBackend, Issuer, Route, Rule
from aws_jwt_authorizer.function_sources import REVOCATIONS
from stacks.stage.app_clients import stage_clients
from stacks.stage.config import StageConfig
from stacks.stage.config_fields import ConfigInvalid
from stacks.stage.fields import OWN_ISSUER

TENANT_CLAIM = "tenant"
"""The claim that the pool's tokens have only where the stage's `tenant_claim` says so."""


def table_of_stage(table: AccessTable, config: StageConfig) -> AccessTable:
    """Return the table with the stage's addresses, less the routes that the stage cannot serve.

    Left out are a client for people that the stage does not name, an issuer that the table leaves
    to the stage and the stage does not name, a route that asks for such issuers alone, a route to
    an HTTP backend that the stage does not name, a route that takes tokens back where no list of
    those is read, and a route that asks for the claim `tenant` where no function makes it. Of
    several rules for one route, those that the stage cannot serve are left out.

    Args:
        table: A table that `check_table` has accepted.
        config: The stage.

    Raises:
        ConfigInvalid: If the stage names a client, an issuer or a backend that the table does not
            leave to it, or says of a client what does not fit it.
    """
    from_stage = [issuer.name for issuer in table.issuers if issuer.from_stage]
    if config.kms_issuer and OWN_ISSUER not in from_stage:
        raise ConfigInvalid(
            f"context.stages.{config.stage}.kms_issuer: stacks/access.py has no "
            f"Issuer({OWN_ISSUER!r}, from_stage=True) for it: add one, or set it to false"
        )
    _refuse_unknown(config, "issuers", config.issuers, from_stage)
    _refuse_unknown(config, "clients", config.clients, [item.name for item in table.clients])
    clients = tuple(item.client for item in stage_clients(table, config))
    backends = [route.backend for route in table.routes]
    servers = [backend.name for backend in backends if isinstance(backend, HttpBackend)]
    _refuse_unknown(config, "http_backends", config.http_backends, servers)
    _refuse_unknown_routes(config, [route.key for route in table.routes])
    issuers = tuple(_issuers(table, config))
    missing = {issuer.name for issuer in table.issuers} - {issuer.name for issuer in issuers}
    routes = tuple(_routes(table, config, missing))
    return replace(table, issuers=issuers, clients=clients, routes=routes)


def _issuers(table: AccessTable, config: StageConfig) -> Iterator[Issuer]:
    for issuer in table.issuers:
        address = config.issuers.get(issuer.name)
        if address is not None:
            yield replace(
                issuer,
                url=address.url,
                audiences=issuer.audiences if address.audiences is None else address.audiences,
                client_ids=issuer.client_ids if address.client_ids is None else address.client_ids,
                jwks_uri=address.jwks_uri or issuer.jwks_uri,
                other_urls=address.other_urls or issuer.other_urls,
            )
        elif not issuer.from_stage:
            yield issuer


def _routes(table: AccessTable, config: StageConfig, missing: set[str]) -> Iterator[Route]:
    for route in table.routes:
        server = route.backend.name if isinstance(route.backend, HttpBackend) else None
        if server is not None and server not in config.http_backends:
            continue
        if route.backend == REVOCATIONS and config.revocation == "off":
            continue
        if route.rule is None:
            yield route
            continue
        met = [rule for rule in rules_of(route.rule) if _can_be_met(rule, config, missing)]
        left = [_without(rule, missing) for rule in met]
        if left:
            yield replace(route, rule=left[0] if len(left) == 1 else AnyOf(*left))


def _can_be_met(rule: Rule, config: StageConfig, missing: set[str]) -> bool:
    if _asks_for_tenant(rule) and not config.tenant_claim:
        return False
    return not rule.issuers or not missing.issuperset(rule.issuers)


def _asks_for_tenant(rule: Rule) -> bool:
    return (TENANT_CLAIM,) in {path_of(claim)[:1] for claim in rule.claims or {}}


def _without(rule: Rule, missing: set[str]) -> Rule:
    return replace(rule, issuers=tuple(name for name in rule.issuers if name not in missing))


def _refuse_unknown(
    config: StageConfig, field: str, named: Iterable[str], known: Iterable[str]
) -> None:
    for name in named:
        if name not in known:
            raise ConfigInvalid(
                f"context.stages.{config.stage}.{field}.{name}: stacks/access.py declares "
                f"no such name, use one of {', '.join(sorted(set(known))) or '(none)'}"
            )


def _refuse_unknown_routes(config: StageConfig, known: Sequence[str]) -> None:
    for key in config.route_throttles:
        if key not in known:
            [nearest] = get_close_matches(key, known, n=1, cutoff=0)
            raise ConfigInvalid(
                f"context.stages.{config.stage}.route_throttles has {key!r}: stacks/access.py "
                f"has no such route, the nearest is {nearest!r}"
            )


def left_out(table: AccessTable, config: StageConfig) -> Iterator[str]:
    """Each client, issuer and route that a stage has not, in one line with what would add it.

    Args:
        table: The whole table.
        config: The stage.
    """
    where = f"context.stages.{config.stage}"
    served = table_of_stage(table, config)
    # A pool that is there already has its clients, and the stage names those.
    for client in () if config.user_pool else table.clients:
        if client not in served.clients:
            yield f"client {client.name!r} is left out: {where} lacks clients.{client.name}"
    issuers = {issuer.name for issuer in served.issuers}
    for issuer in table.issuers:
        if issuer.name not in issuers:
            yield (f"issuer {issuer.name!r} is left out: {where}.issuers does not say where it is")
    routes = {route.key for route in served.routes}
    for route in table.routes:
        if route.key not in routes:
            yield f"route {route.key!r} is left out: {where} lacks {_lacking(route, config)}"
            if route.key in config.route_throttles:
                yield f"{where}.route_throttles.{route.key} is left out with its route"


def _lacking(route: Route, config: StageConfig) -> str:
    backend = route.backend
    if isinstance(backend, HttpBackend) and backend.name not in config.http_backends:
        return f"http_backends.{backend.name}"
    if backend == REVOCATIONS and config.revocation == "off":
        return "revocation"
    rules = rules_of(route.rule)
    if not config.tenant_claim and any(_asks_for_tenant(rule) for rule in rules):
        return "tenant_claim"
    return ", ".join(f"issuers.{name}" for rule in rules for name in rule.issuers)
