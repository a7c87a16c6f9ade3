"""Tokens -> what other libraries say of them. Runs in an environment of its own; see the last line.

Each peer is configured as strictly as its documented options allow, and told all that ours is told:
issuer, audience, algorithms, leeway, `token_use`. What its options cannot say is not added by hand,
but for one comparison of `token_use` after PyJWT, which has no option for a claim's value.
"""

import json
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any, Final

import jwt
from aws_lambda_powertools.utilities.auth_alpha.exceptions import AuthError
from aws_lambda_powertools.utilities.auth_alpha.jwt.verifier import JWTVerifier
from joserfc import jwt as joserfc_jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from benchmarks.timing import seconds_each

Document = dict[str, Any]
"""A key set, as parsed."""

Verify = Callable[[str], None]
"""Returns if the token is good, and raises one of the peer's own errors if not."""


class _StaticKeys(jwt.PyJWKClient):
    """PyJWT's client of key sets, which picks the keys that may sign, over a given document."""

    def __init__(self, document: Document) -> None:
        super().__init__("https://issuer.example/jwks")
        self._document = document

    def fetch_data(self) -> Document:
        return self._document


def pyjwt(asked: Mapping[str, Any], document: Document) -> Verify:
    """Verify by PyJWT's documented flow with a key set, all its checks on."""
    client = _StaticKeys(document)

    def verify(token: str) -> None:
        claims = jwt.decode(
            token,
            client.get_signing_key_from_jwt(token),
            algorithms=asked["algorithms"],
            audience=asked["audience"],
            issuer=asked["issuer"],
            leeway=asked["leeway_seconds"],
            options={"require": ["exp", "iss", "aud"], "enforce_minimum_key_length": True},
        )
        if claims.get("token_use") != asked["token_use"]:
            raise jwt.InvalidTokenError("token_use")

    return verify


def joserfc(asked: Mapping[str, Any], document: Document) -> Verify:
    """Verify by joserfc's documented flow with a key set and a claims registry.

    Its registry of header members is told to ignore unknown ones, as RFC 7515 section 4 demands;
    left at its default it would refuse more of the good tokens.
    """
    keys = KeySet.import_key_set(document)  # type: ignore[arg-type]  # a TypedDict there
    registry = JWSRegistry(algorithms=asked["algorithms"], strict_check_header=False)
    claims = joserfc_jwt.JWTClaimsRegistry(
        leeway=asked["leeway_seconds"],
        iss={"essential": True, "value": asked["issuer"]},
        aud={"essential": True, "value": asked["audience"]},
        exp={"essential": True},
        token_use={"essential": True, "value": asked["token_use"]},
    )

    def verify(token: str) -> None:
        claims.validate(joserfc_jwt.decode(token, keys, registry=registry).claims)

    return verify


def powertools(asked: Mapping[str, Any], document: Document) -> Verify:
    """Verify by Powertools' alpha verifier with a given key set."""
    verifier = JWTVerifier(
        issuer=asked["issuer"],
        audience=asked["audience"],
        algorithms=asked["algorithms"],
        jwks=document,
        expected_claims={"token_use": asked["token_use"]},
        clock_skew_seconds=asked["leeway_seconds"],
    )

    def verify(token: str) -> None:
        verifier.verify(token)

    return verify


PEERS: Final[Mapping[str, tuple[str, Callable[..., Verify], type[Exception]]]] = {
    "PyJWT": ("pyjwt", pyjwt, jwt.PyJWTError),
    "joserfc": ("joserfc", joserfc, JoseError),
    "Powertools alpha": ("aws-lambda-powertools", powertools, AuthError),
}


def verdict(verify: Verify, token: str, own_errors: type[Exception]) -> str:
    """Return "accepted", "refused", or the name of an error that is not the library's own."""
    try:
        verify(token)
    except own_errors:
        return "refused"
    except (Exception, RecursionError) as error:  # noqa: BLE001  # which one is the finding
        return type(error).__name__
    return "accepted"


def verdicts(name: str, asked: Mapping[str, Any], cases: list[dict[str, Any]]) -> list[str]:
    """Return one verdict for each case; a key set that a peer cannot load refuses its token."""
    _package, make, own_errors = PEERS[name]
    loaded: dict[str, Verify | None] = {}
    found = []
    for case in cases:
        text = case["jwks"]
        if text not in loaded:
            try:
                loaded[text] = make(asked, json.loads(text))
            except Exception:  # noqa: BLE001  # whatever it is, there is no verifier
                loaded[text] = None
        verify = loaded[text]
        found.append("refused" if verify is None else verdict(verify, case["token"], own_errors))
    return found


def main() -> None:
    """Read the question from standard input and write the answer to standard output."""
    question = json.load(sys.stdin)
    asked, cases = question["asked"], question["cases"]
    answer = {}
    for name, (package, make, _own_errors) in PEERS.items():
        usual = make(asked, json.loads(question["usual_jwks"]))
        answer[name] = {
            "version": version(package),
            "verdicts": verdicts(name, asked, cases),
            "seconds": seconds_each(usual, question["usual_token"]),
        }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()  # `.local/peers/bin/python -m benchmarks.peers`, by compare_verifiers
