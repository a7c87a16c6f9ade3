"""The authorizer's parts decide about tokens that the verifier's own fixtures make and verify."""

from tests.unit.jwt_verifier.conftest import issuer, pool, verify

__all__ = ["issuer", "pool", "verify"]
