"""Configurations that are odd and legal: each is a stage and a table that this app accepts."""

from collections.abc import Iterator
from dataclasses import replace

from aws_jwt_authorizer.access.api_limits import MOST_SCOPES_OF_CLIENT
from aws_jwt_authorizer.access.claim_tests import OneOf
from aws_jwt_authorizer.access.pool_names import STANDARD_SCOPES
from aws_jwt_authorizer.access.rules import (
    ALL_SCOPES,
    AccessTable,
    AnyOf,
    AppClient,
    Issuer,
    MachineClient,
    NativeClient,
    PathParameter,
    Route,
    Rule,
    WebClient,
)
from tests.sample.access import ACCESS, ANY_TOKEN, MAY_READ, OWN_TOKEN
from tests.synth.deployment_tools import AddStacks, of_stage
from tests.synth.everything_on import (
    ACCESS_TO_EVERYTHING,
    ACCESS_WHILE_MOVING,
    FIELDS,
    STAGE,
    VARIANTS,
)

FEW = ("GET /health", "GET /me", "GET /whoami")
"""Routes of each authorizer, for a configuration that is about something else."""

ANYWHERE = {"account": "auto", "region": "auto"}
"""Each region has an engine of rules of its own, which takes seconds to start."""

OWN_POOL = (Issuer("cognito"),)
MOST_SCOPES = MOST_SCOPES_OF_CLIENT - len(STANDARD_SCOPES)
MANY_ISSUERS = tuple(Issuer(f"t{i}", f"https://t{i}.example.com", ("api",)) for i in range(40))


def table(*routes: str | Route, **fields: object) -> AccessTable:
    """The sample's table with these routes alone, and with other fields."""
    by_key = {route.key: route for route in ACCESS.routes}
    chosen = tuple(by_key[route] if isinstance(route, str) else route for route in routes)
    return replace(ACCESS, routes=chosen, **fields)  # type: ignore[arg-type]  # each has its type


def machine(*scopes: str) -> tuple[AppClient, ...]:
    """The sample's clients, with scopes that another table has."""
    return (
        WebClient("web", ALL_SCOPES),
        NativeClient("cli", ()),
        MachineClient("machine", scopes),
    )


OF_ANOTHER = Rule(issuers=("auth0",))
NO_POOL = table(
    "GET /health",
    Route("GET /mine", "me", "jwt", OF_ANOTHER),
    Route("GET /x", "whoami", "lambda", replace(OF_ANOTHER, scopes_all=("read:orders",))),
    issuers=(Issuer("auth0", "https://acme.eu.auth0.com/", ("https://api.acme.example",)),),
    scopes={},
    groups={},
    clients=(),
)
"""A table that trusts the tokens of another issuer alone."""


def odd_configurations() -> dict[str, AddStacks]:
    """Return every configuration by a name that says what is odd about it."""
    return {name.replace(" ", "-"): add for name, add in (*_stages(), *_tables())}


def _stages() -> Iterator[tuple[str, AddStacks]]:
    few = table(*FEW)
    fields: dict[str, dict[str, object]] = {
        "no second factor": {"mfa": "off", "self_sign_up": True},
        "no second factor and data kept": {"mfa": "off", "retain": True},
        "required factor and nothing kept": {"mfa": "required"},
        "updated issuer": {"cognito_issuer": "updated"},
        "updated issuer and both": {
            "cognito_issuer": "updated",
            "accept_both_cognito_issuers": True,
        },
        "replicas": {"replica_regions": ["us-east-1", "ap-southeast-2"]},
        "shortest lives": {"token_validity_minutes": 5, "refresh_token_days": 1},
        "longest lives": {"token_validity_minutes": 15, "refresh_token_days": 3650},
        "hundred callbacks": {
            "clients": {
                "web": {
                    "callback_urls": [f"https://app.example.com/{i}" for i in range(100)],
                    "logout_urls": [f"https://app.example.com/out/{i}" for i in range(100)],
                }
            }
        },
        "no client of people": {"clients": {}},
        "a client with a password alone": {"clients": {"cli": {"password_sign_in": True}}},
        "no origins": {"allowed_origins": []},
        "many origins": {"allowed_origins": [f"https://a{i}.example.com" for i in range(60)]},
        "no cache and no leeway": {"authorizer_cache_ttl_seconds": 0, "leeway_seconds": 0},
        "longest cache and leeway": {"authorizer_cache_ttl_seconds": 3600, "leeway_seconds": 300},
        "slowest keys": {"jwks_fetch_timeout_ms": 4000, "jwks_max_age_seconds": 604_800},
        "shortest logs": {"log_retention_days": 1, "log_level": "ERROR"},
        "longest logs": {"log_retention_days": 3653, "log_level": "DEBUG"},
        "own domain prefix": {"domain_prefix": "a1"},
        "longest domain prefix": {"domain_prefix": "x" * 63},
        "no tenants": {"tenant_claim": False},
        "least throttle": {"throttle_rate_per_second": 1, "throttle_burst": 1},
    }
    for name, odd in fields.items():
        yield name, of_stage("dev", few, **odd)
    page = {"session_idle_minutes": 15, "session_hours": 1, "session_reserved_concurrency": 1}
    whole = {"session_idle_minutes": 1440, "session_hours": 720, "refresh_token_days": 30}
    browser = {"browser_rate_per_second": 1, "browser_burst": 10_000}
    yield "shortest sessions", of_stage("dev", ACCESS, **page, **browser)
    yield "longest sessions", of_stage("dev", ACCESS, **whole, session_reserved_concurrency=1000)
    yield "tokens of the page itself", of_stage("dev", browser_storage_mode=True)
    yield "issuer of our own", of_stage("dev", kms_issuer=True, token_validity_minutes=5)
    existing = VARIANTS["pool that is there already"] | ANYWHERE
    yield "pool that is there already", of_stage(STAGE, ACCESS_TO_EVERYTHING, **existing)
    yield "no pool", of_stage("dev", NO_POOL, clients={})
    by_key = VARIANTS["page by partner's key"] | ANYWHERE
    yield "page by key", of_stage(STAGE, ACCESS_WHILE_MOVING, **by_key)
    yield "private servers alone", of_stage("dev", ACCESS_TO_EVERYTHING, **_part("http_backends"))
    providers = FIELDS["identity_providers"]
    assert isinstance(providers, dict)
    for name, provider in providers.items():
        yield f"{name} alone", of_stage("dev", few, identity_providers={name: provider})


def _part(name: str) -> dict[str, object]:
    return {name: FIELDS[name]}


def _tables() -> Iterator[tuple[str, AddStacks]]:
    by_scope = replace(OWN_TOKEN, scopes_any=("orders/read",))
    lambda_route = Route("GET /x", "whoami", "lambda", ANY_TOKEN)
    tables = {
        "public routes alone": table("GET /health"),
        "built-in authorizer alone": table("GET /me"),
        "our authorizer alone": table("GET /whoami"),
        "pool alone": table("GET /me", "GET /whoami", issuers=OWN_POOL),
        "cookies without a page": table("GET /orders"),
        "two path parameters": table(
            Route(
                "GET /{user}/{tenant}",
                "whoami",
                "lambda",
                rule=replace(
                    OWN_TOKEN,
                    claims={"sub": PathParameter("user"), "tenant": PathParameter("tenant")},
                ),
            )
        ),
        "every method": table(
            *(
                Route(f"{method} /x", "whoami", "lambda", ANY_TOKEN)
                for method in ("ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
            )
        ),
        "catch all": table(
            Route("ANY /{proxy+}", "whoami", "lambda", ANY_TOKEN),
            Route("GET /", "health", "public"),
        ),
        "as many routes of a function as have permissions": table(
            *(Route(f"GET /r{i}", "health", "public") for i in range(40))
        ),
        "three hundred routes of one function": table(
            *(Route(f"GET /r{i}", "whoami", "lambda", ANY_TOKEN) for i in range(300))
        ),
        "three hundred routes of five functions": table(
            *(
                Route(f"GET /{backend}/r{i}", backend, "lambda", ANY_TOKEN)
                for backend in ("health", "me", "orders", "partner_orders", "whoami")
                for i in range(60)
            )
        ),
        "ten built-in authorizers": table(
            *(
                Route(f"GET /{issuer.name}", "whoami", "jwt", Rule(issuers=(issuer.name,)))
                for issuer in MANY_ISSUERS[:10]
            ),
            issuers=(*OWN_POOL, *MANY_ISSUERS),
        ),
        "forty issuers": table(lambda_route, issuers=(*OWN_POOL, *MANY_ISSUERS)),
        "fifty audiences": table(
            Route("GET /x", "whoami", "jwt", Rule(issuers=("many",))),
            issuers=(
                *OWN_POOL,
                Issuer("many", "https://many.example.com", tuple(f"api-{i}" for i in range(50))),
            ),
        ),
        "no groups": table("GET /me", Route("GET /x", "whoami", "jwt", by_scope), groups={}),
        "hundred groups": table("GET /me", groups={f"g{i}": "of many" for i in range(100)}),
        "longest group": table("GET /me", groups={"g" * 128: "with a long name"}),
        "scopes of an address": table(
            lambda_route,
            scopes={"https://api.example.com:8443/orders/read": "See orders"},
            clients=machine("https://api.example.com:8443/orders/read"),
        ),
        "as many scopes as a client takes": table(
            lambda_route,
            scopes={f"orders/s{i}": "of many" for i in range(MOST_SCOPES)},
            clients=machine(*(f"orders/s{i}" for i in range(MOST_SCOPES))),
        ),
        "longest scope": table(
            lambda_route,
            scopes={"orders/" + "s" * 249: "Long"},
            clients=machine("orders/" + "s" * 249),
        ),
        "many servers": table(
            lambda_route,
            scopes={f"server{i}/read": "of many" for i in range(25)},
            clients=machine("server0/read"),
        ),
        "ten scopes of a built-in authorizer": table(
            Route(
                "GET /x",
                "whoami",
                "jwt",
                replace(OWN_TOKEN, scopes_any=tuple(f"orders/s{i}" for i in range(10))),
            ),
            scopes={f"orders/s{i}": "of many" for i in range(10)},
            clients=machine("orders/s0"),
        ),
        "ten rules of a route": table(
            Route(
                "GET /x",
                "whoami",
                "lambda",
                AnyOf(*(replace(MAY_READ, claims={"plan": OneOf(f"p{i}")}) for i in range(10))),
            )
        ),
    }
    for name, access in tables.items():
        yield name, of_stage("dev", access)
    nobody = replace(ACCESS, clients=())
    yield "no client beside the page", of_stage("dev", nobody, clients={})
    yield "no client at all", of_stage("dev", table(*FEW, clients=()), clients={})
    machines = (MachineClient("a", ("orders/read",), 5), MachineClient("b", ALL_SCOPES))
    yield "machines alone", of_stage("dev", table(*FEW, clients=machines), clients={})
