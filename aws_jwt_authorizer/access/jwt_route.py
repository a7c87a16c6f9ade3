"""Rule -> what API Gateway's built-in JWT authorizer can enforce of it.

The built-in authorizer knows one issuer that signs with RSA, its audiences and any-of scopes, and
nothing else ("Control access to HTTP APIs with JWT authorizers", API Gateway developer guide).
"""

from collections.abc import Sequence

from aws_jwt_authorizer.access.rules import Issuer, Rule

MOST_SCOPES_A_ROUTE = 10
ALGORITHMS = frozenset({"RS256", "RS384", "RS512"})


def gateway_scopes(rule: Rule) -> tuple[str, ...]:
    """The route's authorization scopes: any one of them is enough; none means no scope is asked."""
    return rule.scopes_all or rule.scopes_any


def reason_for_lambda(rule: Rule, issuers: Sequence[Issuer]) -> str | None:
    """Why only the Lambda authorizer can enforce the rule, or None if the built-in one can.

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
            f"takes at most {MOST_SCOPES_A_ROUTE} scopes a route",
        ),
        (len(issuers) > 1, "knows one issuer only"),
        (
            any(not ALGORITHMS.issuperset(issuer.algorithms) for issuer in issuers),
            f"verifies no signature but {', '.join(sorted(ALGORITHMS))}",
        ),
    )
    return next((reason for applies, reason in reasons if applies), None)
