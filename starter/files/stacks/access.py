"""The access table: who may call what. This is the file to edit.

The API's routes, the built-in authorizer's scopes and the Lambda authorizer's policy are all made
from it. `rules.py` explains each word; `python -m stacks.access` checks it and prints the policy.
"""

import sys
from dataclasses import replace

from aws_jwt_authorizer.access.policy_document import print_policy
from aws_jwt_authorizer.access.rules import (
    AccessTable,
    Issuer,
    NativeClient,
    Route,
    Rule,
    TokenUse,
    WebClient,
)

ISSUERS = (Issuer("cognito"),)  # without a URL: this app's own user pool
GROUPS = {"admins": "Administer this app"}
CLIENTS = (WebClient("web", scopes=()), NativeClient("cli", scopes=()))  # of the user pool

ANYBODY = Rule(issuers=("cognito",), token_use=TokenUse.ACCESS)
IS_ADMIN = replace(ANYBODY, groups_any=("admins",))

ROUTES = (
    Route("GET /health", backend="health", authorizer="public"),
    Route("GET /me", backend="me", authorizer="jwt", rule=Rule(issuers=("cognito",))),
    Route("GET /whoami", backend="whoami", authorizer="lambda", rule=ANYBODY),
    Route("GET /admin/whoami", backend="whoami", authorizer="lambda", rule=IS_ADMIN),
)

ACCESS = AccessTable(
    issuers=ISSUERS,
    scopes={},
    groups=GROUPS,
    clients=CLIENTS,
    routes=ROUTES,
)

if __name__ == "__main__":
    sys.exit(print_policy(ACCESS))
