"""The access table: who may call what, by tokens of Auth0."""

import sys

from aws_jwt_authorizer.access.policy_document import print_policy
from aws_jwt_authorizer.access.rules import AccessTable, Contains, Issuer, Route, Rule

AUTH0 = Issuer(
    "auth0",
    from_stage=True,
    client_claim=("azp",),
    roles_claim=("permissions",),
    says_token_use=False,
)
ANYBODY = Rule(issuers=("auth0",))
MAY_WRITE = Rule(issuers=("auth0",), claims={"permissions": Contains("write:orders")})

ROUTES = (
    Route("GET /health", backend="health", authorizer="public"),
    Route("GET /me", backend="me", authorizer="jwt", rule=ANYBODY),
    Route("GET /whoami", backend="whoami", authorizer="lambda", rule=ANYBODY),
    Route("PUT /whoami", backend="whoami", authorizer="lambda", rule=MAY_WRITE),
)

ACCESS = AccessTable(issuers=(AUTH0,), scopes={}, groups={}, clients=(), routes=ROUTES)

if __name__ == "__main__":
    sys.exit(print_policy(ACCESS))
