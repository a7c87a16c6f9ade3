"""The access table: who may call what. This is the file to edit.

The API's routes, the built-in authorizer's scopes and the Lambda authorizer's policy are all made
from it. `rules.py` explains each word; `python -m stacks.access` checks it and prints the policy.
"""

import sys
from dataclasses import replace

from aws_jwt_authorizer.access.policy_document import print_policy
from aws_jwt_authorizer.access.rules import (
    ALL_SCOPES,
    AccessTable,
    AnyOf,
    HttpBackend,
    Issuer,
    MachineClient,
    NativeClient,
    NoOlderThan,
    PathParameter,
    Route,
    Rule,
    TokenUse,
    WebClient,
)

OWN_ISSUER = "machines"
ISSUERS = (
    Issuer("cognito"),  # without a URL: this app's own user pool
    Issuer("partner", from_stage=True),  # only in stages that say where it is
    Issuer(OWN_ISSUER, from_stage=True, token_type="at+jwt"),  # with `kms_issuer`
)
SCOPES = {
    "orders/read": "See orders",
    "orders/write": "Place orders",
}
GROUPS = {
    "admins": "May delete orders",
    "support": "Help customers",
    "buyers": "May place orders",
}
CLIENTS = (  # of the user pool; the page has its own
    WebClient("web", scopes=ALL_SCOPES),
    NativeClient("cli", scopes=("orders/read",)),
    MachineClient("machine", scopes=("orders/read",)),
)

INVENTORY = HttpBackend("inventory")  # only in stages that say where it is

ANY_TOKEN = Rule()
OWN_TOKEN = Rule(issuers=("cognito",))
OWN_OR_MACHINE = Rule(issuers=("cognito", OWN_ISSUER))
MAY_READ = replace(OWN_OR_MACHINE, token_use=TokenUse.ACCESS, scopes_all=("orders/read",))
# The scope says what the app may do: everybody who signs in gets it. The group is the person's own.
MAY_WRITE = replace(
    OWN_TOKEN,
    token_use=TokenUse.ACCESS,
    scopes_all=("orders/write",),
    groups_any=("admins", "buyers"),
)
IS_ADMIN = replace(OWN_TOKEN, token_use=TokenUse.ACCESS, groups_any=("admins",))
# A renewed session keeps the time of its sign-in: who refunds has signed in just now.
FRESH_ADMIN = replace(IS_ADMIN, claims={"auth_time": NoOlderThan(seconds=900)})
IS_OWNER = replace(MAY_READ, issuers=("cognito",), claims={"sub": PathParameter("user")})
OF_TENANT = replace(MAY_READ, issuers=("cognito",), claims={"tenant": PathParameter("tenant")})
PARTNER_MAY_READ = Rule(issuers=("partner",), scopes_any=("orders:read",))
MACHINE_MAY_READ = Rule(issuers=(OWN_ISSUER,), scopes_any=("orders/read",))

SAYS_NO_MORE = "says what its own token says, and nothing else"

ROUTES = (
    Route("GET /app", backend="page", authorizer="public"),
    Route("HEAD /app", backend="page", authorizer="public"),
    Route("GET /app/{file+}", backend="page", authorizer="public"),
    Route("HEAD /app/{file+}", backend="page", authorizer="public"),
    Route("GET /session/login", backend="session", authorizer="public"),
    Route("HEAD /session/login", backend="session", authorizer="public"),
    Route("GET /session/callback", backend="session", authorizer="public"),
    Route("HEAD /session/callback", backend="session", authorizer="public"),
    Route("GET /session/me", backend="session", authorizer="public"),
    Route("HEAD /session/me", backend="session", authorizer="public"),
    Route("POST /session/refresh", backend="session", authorizer="public"),
    Route("POST /session/logout", backend="session", authorizer="public"),
    Route("GET /health", backend="health", authorizer="public"),
    Route("GET /me", "me", authorizer="jwt", rule=OWN_TOKEN, accepts_revoked=SAYS_NO_MORE),
    Route("GET /whoami", backend="whoami", authorizer="lambda", rule=ANY_TOKEN),
    Route("GET /orders", backend="orders", authorizer="lambda", rule=MAY_READ, cookie=True),
    Route("POST /orders", backend="orders", authorizer="lambda", rule=MAY_WRITE, cookie=True),
    Route("DELETE /orders/{id}", "orders", authorizer="lambda", rule=IS_ADMIN, cookie=True),
    Route("POST /orders/{id}/refund", "orders", authorizer="lambda", rule=FRESH_ADMIN),
    Route("GET /users/{user}/orders", "orders", "lambda", rule=AnyOf(IS_ADMIN, IS_OWNER)),
    Route("GET /tenants/{tenant}/orders", backend="orders", authorizer="lambda", rule=OF_TENANT),
    Route(
        "GET /partner/orders",
        backend="partner_orders",
        authorizer="jwt",
        rule=PARTNER_MAY_READ,
        accepts_revoked="a partner may see its orders for as long as its token lives",
    ),
    Route("GET /machine/me", "me", "jwt", rule=MACHINE_MAY_READ, accepts_revoked=SAYS_NO_MORE),
    Route("GET /inventory/{item}", backend=INVENTORY, authorizer="lambda", rule=MAY_READ),
    # Only in stages with `revocation`: whoever is signed in ends that, an admin ends anybody's.
    Route("POST /session/revoke", "revocations", "lambda", rule=ANY_TOKEN, cookie=True),
    Route("POST /admin/revocations", "revocations", "lambda", rule=IS_ADMIN, cookie=True),
)

ACCESS = AccessTable(
    issuers=ISSUERS,
    scopes=SCOPES,
    groups=GROUPS,
    clients=CLIENTS,
    routes=ROUTES,
    claims_for_backends={"tenant": "tenant"},
)

if __name__ == "__main__":
    sys.exit(print_policy(ACCESS))
