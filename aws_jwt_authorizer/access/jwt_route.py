"""Rule -> what API Gateway's built-in JWT authorizer can enforce of it.

The built-in authorizer knows one issuer that signs with RSA, its audiences and any-of scopes, and
nothing else ("Control access to HTTP APIs with JWT authorizers", API Gateway developer guide).
"""

from collections.abc import Iterator, Sequence

from aws_jwt_authorizer.access.conditions import AnyOf, Rule, conditions_of, rules_of
from aws_jwt_authorizer.access.issuers import Issuer

MOST_SCOPES_A_ROUTE = 10
ALGORITHMS = frozenset({"RS256", "RS384", "RS512"})


def gateway_scopes(asked: Rule | AnyOf) -> tuple[str, ...]:
    """Return the route's authorization scopes: any one is enough; none means none is required.

    Args:
        asked: What `reason_for_lambda` has nothing to say about.
    """
    [rule] = rules_of(asked)
    return rule.scopes_all or rule.scopes_any


def reason_for_lambda(asked: Rule | AnyOf, issuers: Sequence[Issuer]) -> str | None:
    """Say why only the Lambda authorizer can enforce the rule, or None if the other can.

    Args:
        asked: What the route asks for.
        issuers: The issuers that the rule admits.
    """
    rules = rules_of(asked)
    if len(rules) != 1:
        return "cannot choose between several rules"
    [rule] = rules
    further = (
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
    beyond = [condition.beyond_jwt for condition in conditions_of(rule) if condition.beyond_jwt]
    beyond += [reason for applies, reason in further if applies]
    beyond += [reason for issuer in issuers for reason in _reasons_of(issuer)]
    return beyond[0] if beyond else None


def _reasons_of(issuer: Issuer) -> Iterator[str]:
    """List what of an issuer's configuration the built-in authorizer would pass over."""
    if issuer.jwks_uri or issuer.jwks_file or issuer.accept_plain_http:
        yield "finds keys by OpenID Connect Discovery at an https issuer and nowhere else"
    if issuer.other_urls:
        yield "accepts only one iss of an issuer, and this one is known by several while it moves"
    if issuer.accept_any_audience:
        yield "must have an audience to compare"
    if issuer.audiences and (issuer.client_ids or issuer.is_pool):
        yield "takes any one of aud and client_id, not both"
    if issuer.client_ids and issuer.client_claim:
        yield f"looks for the client in client_id alone, not in {issuer.client_claim[0]}"
    if issuer.scopes_claim:
        yield f"reads scopes from scope and scp alone, not from {issuer.scopes_claim[0]}"
    if issuer.required_claims:
        yield "requires no claims of an issuer"
    if issuer.max_lifetime_seconds is not None:
        yield "bounds no lifetime"
