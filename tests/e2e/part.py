"""A part of an app: some of its routes, and what answers them."""

from dataclasses import replace

from local.template.local_app import (
    LambdaAuthorizerConfig,
    LambdaIntegrationConfig,
    LocalApp,
    RouteConfig,
)


def with_routes_only(app: LocalApp, *keys: str) -> LocalApp:
    """Leave every other route out, and every function, table and secret that these do not need."""
    routes = tuple(route for route in app.api.routes if route.key in keys)
    assert {route.key for route in routes} == {*keys}
    names = {name for route in routes for name in _functions_of(route)}
    names |= {pool.pre_token.function_name for pool in app.pools if pool.pre_token}
    functions = tuple(function for function in app.functions if function.name in names)
    told = {value for function in functions for value in function.environment.values()}
    return replace(
        app,
        api=replace(app.api, routes=routes),
        functions=functions,
        issuer=None,
        tables=tuple(table for table in app.tables if table.name in told),
        scheduled=(),
        secrets=(),
        rotations=(),
    )


def _functions_of(route: RouteConfig) -> set[str]:
    names = set()
    if isinstance(route.integration, LambdaIntegrationConfig):
        names.add(route.integration.function_name)
    if isinstance(route.authorizer, LambdaAuthorizerConfig):
        names.add(route.authorizer.function_name)
    return names
