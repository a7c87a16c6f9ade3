"""The access table: who may call what. This is the file to edit.

The API's routes, the built-in authorizer's scopes and the Lambda authorizer's policy are all made
from it. `rules.py` explains each word; `python -m stacks.access` checks it and prints the policy.
"""

import sys

from stacks.policy_document import print_policy
from stacks.rules import AccessTable, Issuer, Route, Rule, TokenUse

ISSUERS = (
    Issuer("cognito"),  # without a URL: this app's own user pool
)
SCOPES = {
    "orders/read": "See orders",
    "orders/write": "Place orders",
}
GROUPS = {
    "admins": "May delete orders",
    "support": "Help customers",
}
MACHINE_SCOPES = ("orders/read",)

ANY_TOKEN = Rule()
MAY_READ = Rule(token_use=TokenUse.ACCESS, scopes_all=("orders/read",))
MAY_WRITE = Rule(token_use=TokenUse.ACCESS, scopes_all=("orders/write",))
IS_ADMIN = Rule(token_use=TokenUse.ACCESS, groups_any=("admins",))

ROUTES = (
    Route("GET /health", backend="health", authorizer="public"),
    Route("GET /me", backend="me", authorizer="jwt", rule=ANY_TOKEN),
    Route("GET /whoami", backend="whoami", authorizer="lambda", rule=ANY_TOKEN),
    Route("GET /orders", backend="orders", authorizer="lambda", rule=MAY_READ),
    Route("POST /orders", backend="orders", authorizer="lambda", rule=MAY_WRITE),
    Route("DELETE /orders/{id}", backend="orders", authorizer="lambda", rule=IS_ADMIN),
)

ACCESS = AccessTable(
    issuers=ISSUERS, scopes=SCOPES, groups=GROUPS, machine_scopes=MACHINE_SCOPES, routes=ROUTES
)

if __name__ == "__main__":
    sys.exit(print_policy(ACCESS))
