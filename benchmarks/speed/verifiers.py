"""Each Python verifier, asked for the same: signature, `exp`, `iss`, `client_id`, `token_use`.

What a library has no option for is compared after it, and is part of its time. Runs in the peers'
environment.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import jwt
from aws_lambda_powertools.utilities.auth_alpha import JWTVerifier
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import KeySet

from benchmarks.speed.floor import cache_hit, floor, raw_signature
from jwt_verifier import JwtVerifier

USE: Final = "access"
Question = Mapping[str, Any]
Verify = Callable[[str], object]


def ours(question: Question) -> Verify:
    """Verify by this repository."""
    return JwtVerifier.cognito(
        question["user_pool_id"],
        client_ids=[question["client_id"]],
        token_use=USE,
        jwks=question["jwks"],
    ).verify


def pyjwt_key_ready(question: Question) -> Verify:
    """Verify by PyJWT with its key prepared and given: its fastest way."""
    keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(question["jwks"]).keys}
    key = keys[question["kid"]]
    return lambda token: _decoded_by_pyjwt(token, key, question)


def pyjwt_by_kid(question: Question) -> Verify:
    """Verify by PyJWT with prepared keys, of which the token's header names one."""
    keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(question["jwks"]).keys}

    def verify(token: str) -> object:
        key = keys[jwt.get_unverified_header(token)["kid"]]
        return _decoded_by_pyjwt(token, key, question)

    return verify


def pyjwt_jwk_client(question: Question) -> Verify:
    """Verify by PyJWT's documented flow: PyJWKClient, its cache filled."""
    client = jwt.PyJWKClient(f"{question['issuer']}/.well-known/jwks.json", lifespan=10**9)
    assert client.jwk_set_cache is not None  # noqa: S101  # it is on by default
    client.jwk_set_cache.put(question["jwks"])

    def verify(token: str) -> object:
        return _decoded_by_pyjwt(token, client.get_signing_key_from_jwt(token), question)

    return verify


def _decoded_by_pyjwt(token: str, key: object, question: Question) -> object:
    claims = jwt.decode(
        token,
        key,  # type: ignore[arg-type]  # a PyJWK
        algorithms=["RS256"],
        issuer=question["issuer"],
        options={"require": ["exp", "iss", "sub"], "verify_aud": False},
    )
    if claims["client_id"] != question["client_id"] or claims["token_use"] != USE:
        raise ValueError
    return claims


def joserfc(question: Question) -> Verify:
    """Verify by joserfc's documented flow: a key set and a registry of claims."""
    keys = KeySet.import_key_set(question["jwks"])
    registry = joserfc_jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": question["issuer"]},
        client_id={"essential": True, "value": question["client_id"]},
        token_use={"essential": True, "value": USE},
        exp={"essential": True},
    )

    def verify(token: str) -> object:
        claims = joserfc_jwt.decode(token, keys, algorithms=["RS256"]).claims
        registry.validate(claims)
        return claims

    return verify


def powertools_alpha(question: Question) -> Verify:
    """Verify by Powertools' alpha verifier, which wants an audience in the token."""
    return JWTVerifier.cognito(
        user_pool_id=question["user_pool_id"],
        client_id=question["client_id"],
        audience=question["audience"],
        jwks=question["jwks"],
    ).verify


VERIFIERS: Final[Mapping[str, Callable[[Question], Verify]]] = {
    "ours": ours,
    "floor": floor,
    "cryptography, signature alone": raw_signature,
    "token cache, a hit": cache_hit,
    "PyJWT, key ready": pyjwt_key_ready,
    "PyJWT, key by kid": pyjwt_by_kid,
    "PyJWT with PyJWKClient": pyjwt_jwk_client,
    "joserfc": joserfc,
    "Powertools alpha": powertools_alpha,
}
