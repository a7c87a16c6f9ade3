"""The backend proves who it is, at every endpoint that it asks; what was stolen is worth nothing."""

import base64
import json
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.integration.cognito.conftest import Cognito
from tests.integration.cognito.http_client import refresh
from tests.integration.session.faulty_issuer import FaultyIssuer
from tests.integration.session.person import CLIENT_ID, CLIENT_SECRET, Backend, Person, new_backend
from tests.integration.session.test_callback import is_refusal_in_words

ASKED = ("/token", "/token", "/revoke")
PRIVATE_KEYS: dict[str, Callable[[], Any]] = {
    "RS256": lambda: rsa.generate_private_key(65_537, 2048),
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ES384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
}


def whole_life(faulty: FaultyIssuer) -> list[tuple[str, str, dict[str, str]]]:
    """Sign in, renew, sign out: path, Authorization header and form of each request as a client."""
    faulty.says["/revoke"] = (200, b"")
    person = Person(faulty.backend)
    faulty.sign_in(person)
    assert person.refresh().status == 200
    assert person.logout().status == 200
    asked = [
        (path, proof, form)
        for (path, form), proof in zip(faulty.asked, faulty.proofs, strict=True)
        if path in ASKED
    ]
    assert tuple(path for path, _, _ in asked) == ASKED
    return asked


def test_a_secret_goes_as_basic_credentials_to_every_endpoint(faulty: FaultyIssuer) -> None:
    for _, proof, form in whole_life(faulty):
        scheme, _, encoded = proof.partition(" ")
        client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
        assert (scheme, unquote_plus(client_id)) == ("Basic", CLIENT_ID)
        assert unquote_plus(secret) == CLIENT_SECRET
        assert "client_secret" not in form


def test_a_secret_goes_in_the_form_where_the_issuer_takes_no_basic(faulty: FaultyIssuer) -> None:
    faulty.discovery["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    for _, proof, form in whole_life(faulty):
        assert proof == ""
        assert (form["client_id"], form["client_secret"]) == (CLIENT_ID, CLIENT_SECRET)


def with_credential(
    faulty: FaultyIssuer, value: dict[str, Any] | str, authentication: Any = "private_key"
) -> None:
    """Let the issuer's backend prove itself with another secret."""
    aws = faulty.backend.aws
    client = aws.secretsmanager
    text = value if isinstance(value, str) else json.dumps(value)
    arn = client.create_secret(Name=uuid.uuid4().hex, SecretString=text)["ARN"]
    faulty.backend = new_backend(
        aws,
        faulty.backend.settings.cookie_secret_id,
        arn,
        faulty.url,
        faulty.url,
        faulty.clock,
        authentication=authentication,
    )


def pem_of(key: Any) -> str:
    pem: bytes = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem.decode()


@pytest.mark.parametrize("algorithm", PRIVATE_KEYS)
def test_a_private_key_signs_a_proof_for_this_issuer_alone_that_is_used_once(
    faulty: FaultyIssuer, algorithm: str
) -> None:
    key = PRIVATE_KEYS[algorithm]()
    with_credential(faulty, {"client_secret": pem_of(key)})
    seen = set()
    for _, proof, form in whole_life(faulty):
        assert proof == ""
        assert form["client_id"] == CLIENT_ID
        assert form["client_assertion_type"].endswith(":jwt-bearer")
        claims = jwt.decode(
            form["client_assertion"],
            key.public_key(),
            algorithms=[algorithm],
            audience=f"{faulty.url}/token",
            issuer=CLIENT_ID,
            options={"verify_exp": False, "verify_iat": False},
        )
        assert claims["sub"] == CLIENT_ID
        assert claims["exp"] - claims["iat"] == 60
        seen.add(claims["jti"])
    assert len(seen) == len(ASKED)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("x" * 64, "client_secret_missing"),
        ({"client_secret": ""}, "client_secret_missing"),
        ({"client_secret": 7}, "client_secret_missing"),
        ({"another_key": "x"}, "client_secret_missing"),
        ({"client_id": "another", "client_secret": "x"}, "client_secret_foreign"),
        ({"client_secret": "no key"}, "private_key_invalid"),
        (
            {"client_secret": pem_of(ec.generate_private_key(ec.SECP192R1()))},
            "private_key_invalid",
        ),
    ],
)
def test_without_a_proof_the_sign_in_waits_and_nothing_is_redeemed(
    faulty: FaultyIssuer,
    capsys: pytest.CaptureFixture[str],
    value: dict[str, Any] | str,
    reason: str,
) -> None:
    with_credential(faulty, value)
    answer = faulty.sign_in(Person(faulty.backend))
    assert is_refusal_in_words(answer, "does not answer", status=503)
    assert f'"reason":"{reason}"' in capsys.readouterr().out
    assert "/token" not in faulty.paths()


def test_a_stolen_refresh_token_is_worth_nothing_without_the_secret(
    signed_in: Person, pool: Cognito
) -> None:
    stolen = signed_in.content()["refresh_token"]
    assert refresh(pool, stolen, CLIENT_ID).json["error"] == "invalid_client"
    assert signed_in.refresh().status == 200


def test_a_secret_that_was_changed_meanwhile_is_read_again(
    signed_in: Person, pool: Cognito, backend: Backend
) -> None:
    client = pool.pool.clients[CLIENT_ID]
    before = client.secret
    client.secret = uuid.uuid4().hex
    try:
        text = json.dumps({"client_id": CLIENT_ID, "client_secret": client.secret})
        backend.aws.secretsmanager.put_secret_value(
            SecretId=backend.settings.client_secret_id, SecretString=text
        )
        backend.clock.advance(2)
        assert signed_in.refresh().status == 200
    finally:
        client.secret = before
