"""Misuse that the type checker must refuse, each on a line marked so; never run."""

from authorizer.policy import RoutePolicy
from authorizer.route import RouteKey
from jwt_verifier.tokens import UnverifiedToken, VerifiedToken
from jwt_verifier.verifier import Verifier

CLAIMS: dict[str, object] = {"sub": "someone", "scope": "orders/read"}


def misuse(policy: RoutePolicy, verifier: Verifier, verified: VerifiedToken) -> None:
    route_key = RouteKey("GET /orders")
    unverified = UnverifiedToken("a.b.c")

    policy.decide(verified, route_key)
    policy.decide(CLAIMS, route_key)  # refused: claims that nobody verified
    policy.decide(unverified, route_key)  # refused: a token that nobody verified
    policy.decide(verified, "GET /orders")  # refused: a path as called is not a route as declared

    verifier.verify(unverified)
    verifier.verify("a.b.c")  # refused: any string is not a token off the wire
    verifier.verify(verified)  # refused: verified twice

    verified.scopes = ("orders/write",)  # refused: what an issuer vouched for does not change
    verified.claims["sub"] = "else"  # refused: nor do its claims
    if policy.decide(verified, route_key) is True:  # refused: a decision is not a boolean
        return
