"""The tokens about which two verifiers once disagreed, put to the session and to the verifier.

Each is signed by the key that the issuer publishes, so that nothing but its content decides.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jwt
import pytest

from jwt_verifier import JwtVerifier, TokenRejected
from tests.integration.session.faulty_issuer import FaultyIssuer
from tests.integration.session.person import CLIENT_ID, Person

GOOD = "accepted"
YEAR_SECONDS = 365 * 86_400


@dataclass(frozen=True)
class Signer:
    """Signs any text in the issuer's name, as no well-kept library would."""

    issuer: FaultyIssuer

    def signed(self, claims: str | None = None, header: str | None = None) -> str:
        header = header or self.header()
        signing_input = (
            f"{_encoded(header.encode())}.{_encoded((claims or self.claims()).encode())}"
        )
        signature = jwt.get_algorithm_by_name("RS256").sign(
            signing_input.encode(), self.issuer.key.private_key
        )
        return f"{signing_input}.{_encoded(signature)}"

    def claims(self, **changes: Any) -> str:
        known = jwt.decode(self.issuer.id_token(), options={"verify_signature": False})
        return json.dumps({**known, **changes})

    def header(self, **changes: Any) -> str:
        return json.dumps({"alg": "RS256", "kid": self.issuer.key.kid, **changes})


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _with_second_sub(by: Signer) -> str:
    return by.signed(claims=f'{by.claims()[:-1]}, "sub": "admin"}}')


def _with_second_algorithm(by: Signer) -> str:
    return by.signed(header=f'{{"alg": "none", {by.header()[1:]}')


def _not_before_next_year(by: Signer) -> str:
    return by.signed(by.claims(nbf=int(by.issuer.clock()) + YEAR_SECONDS))


TOKENS: dict[str, tuple[Callable[[Signer], str], str]] = {
    "good": (lambda by: by.signed(), GOOD),
    "two subjects": (_with_second_sub, "token_malformed"),
    "exp is NaN": (lambda by: by.signed(by.claims(exp=float("nan"))), "token_malformed"),
    "nbf a year ahead": (_not_before_next_year, "token_not_yet_valid"),
    "typ logout+jwt": (
        lambda by: by.signed(header=by.header(typ="logout+jwt")),
        "type_not_allowed",
    ),
    "two algorithms": (_with_second_algorithm, "token_malformed"),
    "padded signature": (lambda by: f"{by.signed()}==", "token_malformed"),
    "typ at+jwt": (lambda by: by.signed(header=by.header(typ="at+jwt")), "token_use_mismatch"),
    "token_use access": (lambda by: by.signed(by.claims(token_use="access")), "token_use_mismatch"),
}


SOONER = {"padded signature": "token_answer_invalid"}
"""What the session refuses by its form already, as no answer of a token endpoint."""


def at_the_session(issuer: FaultyIssuer, token_of: Callable[[Signer], str], log: Any) -> str:
    """What the sign-in logs of an ID token."""
    person = Person(issuer.backend)
    query = issuer.begun(person)
    issuer.tokens["id_token"] = token_of(Signer(issuer))
    answer = person.callback(query)
    [line] = [
        entry
        for entry in map(json.loads, log.readouterr().out.splitlines())
        if entry.get("route") == "GET /session/callback"
    ]
    if line["outcome"] == "signed_in":
        assert answer.status == 303
        return GOOD
    assert (answer.status, person.jar) == (502, {})
    return str(line["reason"]).removeprefix("id_token:")


def at_the_verifier(issuer: FaultyIssuer, token_of: Callable[[Signer], str]) -> str:
    """What the verifier says of it, set up as a client of the same issuer would."""
    verifier = JwtVerifier.oidc(issuer.url, client_ids=[CLIENT_ID], token_use="id")
    try:
        verifier.verify(token_of(Signer(issuer)))
    except TokenRejected as rejection:
        return rejection.code
    return GOOD


@pytest.mark.parametrize("name", TOKENS)
def test_both_doors_judge_alike_a_token_that_the_trusted_key_signed(
    faulty: FaultyIssuer, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    token_of, verdict = TOKENS[name]
    assert at_the_session(faulty, token_of, capsys) == SOONER.get(name, verdict)
    assert at_the_verifier(faulty, token_of) == verdict
