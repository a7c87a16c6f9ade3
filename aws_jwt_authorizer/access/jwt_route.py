"""Rule -> what API Gateway's built-in JWT authorizer can enforce of it.

The built-in authorizer knows one issuer that signs with RSA, its audiences and any-of scopes, and
nothing else ("Control access to HTTP APIs with JWT authorizers", API Gateway developer guide).
"""

from collections.abc import Sequence

from aws_jwt_authorizer.access.rules import Issuer, Rule

MOST_SCOPES_A_ROUTE = 10
ALGORITHMS = frozenset({"RS256", "RS384", "RS512"})


def gateway_scopes(rule: Rule) -> tuple[str, ...]:
    """Return the route's authorization scopes: any one is enough; none means none is required."""
    return rule.scopes_all or rule.scopes_any


def reason_for_lambda(rule: Rule, issuers: Sequence[Issuer]) -> str | None:
    """Say why only the Lambda authorizer can enforce the rule, or None if the other can.

    Args:
        rule: What the route asks for.
        issuers: The issuers that the rule admits.
    """
    reasons = (
        (bool(rule.groups_any), "checks no groups"),
        (bool(rule.claims), "checks no claims"),
        (rule.token_use is not None, "cannot tell an ID token from an access token"),
        (len(rule.scopes_all) > 1, "cannot ask for all of several scopes, only for any of them"),
        (
            bool(rule.scopes_all and rule.scopes_any),
            "cannot ask for scopes_all and scopes_any together",
        ),
        (
            len(gateway_scopes(rule)) > MOST_SCOPES_A_ROUTE,
            f"takes at most {MOST_SCOPES_A_ROUTE} scopes per route",
        ),
        (len(issuers) > 1, "accepts only one issuer"),
        (
            any(not ALGORITHMS.issuperset(issuer.algorithms) for issuer in issuers),
            f"verifies only {', '.join(sorted(ALGORITHMS))} signatures",
        ),
    )
    return next((reason for applies, reason in reasons if applies), None)
