"""Who may call the invoices API."""

import sys

from aws_jwt_authorizer.access.policy_document import print_policy
from aws_jwt_authorizer.access.rules import (
    ALL_SCOPES,
    AccessTable,
    Issuer,
    MachineClient,
    NativeClient,
    PathParameter,
    Route,
    Rule,
    TokenUse,
    WebClient,
)

READERS = Rule(token_use=TokenUse.ACCESS, scopes_all=("invoices/read",))
FINANCE = Rule(
    token_use=TokenUse.ACCESS, scopes_all=("invoices/write",), groups_any=("finance", "auditors")
)
OWN = Rule(token_use=TokenUse.ACCESS, claims={"sub": PathParameter("customer")})

ACCESS = AccessTable(
    issuers=(Issuer("cognito"),),
    scopes={"invoices/read": "See invoices", "invoices/write": "Write invoices"},
    groups={"finance": "Writes invoices", "auditors": "Reads and corrects them"},
    clients=(
        WebClient("shop", scopes=ALL_SCOPES),
        WebClient("back-office", scopes=ALL_SCOPES, token_minutes=5),
        NativeClient("mobile", scopes=("invoices/read",), scheme="example.invoices.app"),
        MachineClient("reports", scopes=("invoices/read",)),
        MachineClient("imports", scopes=ALL_SCOPES, token_minutes=10),
    ),
    routes=(
        Route("GET /status", backend="invoices", authorizer="public"),
        Route("GET /mine", "invoices", authorizer="jwt", rule=Rule(scopes_any=("invoices/read",))),
        Route("GET /invoices", "invoices", authorizer="lambda", rule=READERS),
        Route("PUT /invoices/{id}", "invoices", authorizer="lambda", rule=FINANCE),
        Route("GET /customers/{customer}/invoices", "invoices", authorizer="lambda", rule=OWN),
    ),
)

if __name__ == "__main__":
    sys.exit(print_policy(ACCESS))
