"""Keys as real issuers publish them, fetched over TLS from the addresses where they are."""

import json
import logging
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from aws_jwt_authorizer.access.issuers import Issuer
from aws_jwt_authorizer.access.table_checks import AccessInvalid
from jwt_verifier import trust
from tests.attacks.forge import b64, to_json
from tests.integration.authorities import Authority
from tests.integration.faulty_issuer import Conversation, FaultyIssuer, serve_faults
from tests.integration.issuers.provider import judged, key, table, token
from tests.integration.issuers.shape import Shape
from tests.integration.issuers.shapes_without_preset import EVERY_SHAPE
from tests.signing_key import SigningKey

CONFIGURATION = "/.well-known/openid-configuration"
IDP = "https://idp.example.com"

MEMBERS: dict[str, dict[str, Any]] = {
    "Entra ID v2.0, a person": {"alg": None, "x5t": "k1", "x5c": ["MIIC"], "issuer": "x"},
    "Entra ID v1.0": {"alg": None, "x5t": "k1"},
    "Supabase": {"ext": True, "key_ops": ["verify"]},
    "Entra B2C under its own policy": {"alg": None, "nbf": 1493763266},
}
"""What a provider writes into its keys besides; None is what it leaves out."""


def address_of(shape: Shape) -> str:
    """The `iss` of the documented token, which is where its issuer stands."""
    return str(shape.claims["iss"])


@pytest.fixture(scope="module")
def internet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyIssuer]:
    """One server that every host name leads to, with a certificate for all of them."""
    folder = tmp_path_factory.mktemp("internet")
    addresses = {IDP}
    for shape in EVERY_SHAPE.values():
        addresses |= {address_of(shape), shape.issuer.jwks_uri or IDP}
    names = sorted({name for url in addresses if (name := urlsplit(url).hostname)})
    root = Authority("the root of this test")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(root.serve(folder / "server.pem", names=names))
    roots = folder / "roots.pem"
    roots.write_bytes(root.root())
    with (
        serve_faults({"keys": []}, lambda _: None, context) as server,
        pytest.MonkeyPatch.context() as patch,
    ):
        here = ("127.0.0.1", urlsplit(server.url).port)
        found = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", here)
        patch.setattr(socket, "getaddrinfo", lambda *_args, **_more: [found])
        patch.setenv("SSL_CERT_FILE", str(roots))
        _read_roots_anew()
        yield server
    _read_roots_anew()


def _read_roots_anew() -> None:
    trust.first_store.cache_clear()
    trust.system_store.cache_clear()


def publish(internet: FaultyIssuer, issuer: Issuer, at: str, *keys: dict[str, Any]) -> None:
    """Publish keys, and the metadata of an issuer that has no address of its keys configured."""
    internet.requests.clear()
    keys_at = issuer.jwks_uri or f"{at.rstrip('/')}/.well-known/jwks.json"
    documents: dict[str, Any] = {urlsplit(keys_at).path: {"keys": list(keys)}}
    if issuer.jwks_uri is None:
        metadata = urlsplit(at).path.rstrip("/") + CONFIGURATION
        documents[metadata] = {"issuer": at, "jwks_uri": keys_at}

    def answer(talk: Conversation) -> None:
        if talk.path in documents:
            talk.answer("200 OK", json.dumps(documents[talk.path]).encode())
        else:
            talk.answer("404 Not Found", b"")

    internet.fault = answer


def of_encryption() -> dict[str, Any]:
    """A key for encryption, which no signature is checked with, as Keycloak publishes one."""
    other = SigningKey.generate("RS256").jwk
    return {**other, "kid": "enc", "use": "enc", "alg": "RSA-OAEP"}


@pytest.mark.parametrize("name", EVERY_SHAPE)
def test_the_keys_of_each_issuer_are_found_where_it_publishes_them(
    internet: FaultyIssuer, name: str
) -> None:
    shape = EVERY_SHAPE[name]
    published = {**key(shape.algorithm).jwk, **MEMBERS.get(name, {})}
    published = {member: value for member, value in published.items() if value is not None}
    publish(internet, shape.issuer, address_of(shape), of_encryption(), published)
    verdict = judged(table(shape.issuer), token(shape))
    assert (verdict.status, verdict.reason) == (200, "allowed")
    is_pool = shape.issuer.is_pool or name == "another user pool"
    has_known_address = is_pool or shape.issuer.jwks_uri is not None
    assert len(internet.requests) == (1 if has_known_address else 2)


def test_a_key_for_encryption_beside_the_others_is_nothing_to_warn_of(
    internet: FaultyIssuer, caplog: pytest.LogCaptureFixture
) -> None:
    """Keycloak publishes one of each by default; alone it leaves no key, which is told."""
    shape = EVERY_SHAPE["Keycloak"]
    for keys, warned in (
        ((of_encryption(), key("RS256").jwk), set()),
        ((of_encryption(),), {"jwks_keys_skipped", "jwks_no_usable_key"}),
        (({"kty": "RSA"}, key("RS256").jwk), {"jwks_keys_skipped"}),
    ):
        caplog.clear()
        publish(internet, shape.issuer, address_of(shape), *keys)
        judged(table(shape.issuer), token(shape))
        warnings = [item for item in caplog.records if item.levelno == logging.WARNING]
        assert {vars(item)["event"] for item in warnings} == warned


def test_an_issuer_inside_a_vpc_may_be_asked_over_http_if_said_in_words(
    internet: FaultyIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shape = EVERY_SHAPE["Keycloak"]
    url = "http://kc.internal:8080/realms/shop"
    inside = replace(shape.issuer, url=url)
    with pytest.raises(AccessInvalid, match="must be an https URL"):
        table(inside)
    accepted = replace(inside, accept_plain_http=True)
    publish(internet, accepted, url, key("RS256").jwk)
    with serve_faults({}, internet.fault) as server:
        here = ("127.0.0.1", urlsplit(server.url).port)
        found = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", here)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: [found])
        assert judged(table(accepted), token(shape, iss=url)).status == 200
        assert len(server.requests) == 2


RSA = ("RS256", "RS384", "RS512")


def asked(
    internet: FaultyIssuer, sent: str, algorithms: tuple[str, ...], *keys: dict[str, Any]
) -> int:
    """The status of a token under a key set."""
    issuer = Issuer("idp", IDP, ("api",), algorithms=algorithms)
    publish(internet, issuer, IDP, *keys)
    return judged(table(issuer), sent).status


def signed(by: SigningKey) -> str:
    """A token of the usual issuer."""
    now = int(time.time())
    return by.sign({"iss": IDP, "aud": "api", "sub": "u", "iat": now - 10, "exp": now + 600})


def test_one_key_that_is_published_twice_is_one_key(internet: FaultyIssuer) -> None:
    """authlib/authlib#785."""
    assert asked(internet, signed(key("RS256")), RSA, key("RS256").jwk, key("RS256").jwk) == 200


@pytest.mark.parametrize("algorithm", RSA)
def test_one_kid_may_stand_for_one_key_under_several_algorithms(
    internet: FaultyIssuer, algorithm: str
) -> None:
    """keycloak/keycloak#14794, #15616, mozilla-django-oidc#350; RFC 7517 section 4.5."""
    keys = {name: replace(key("RS256"), algorithm=name) for name in RSA}
    published = [each.jwk for each in keys.values()]
    assert asked(internet, signed(keys[algorithm]), RSA, *published) == 200


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_one_kid_may_stand_for_keys_of_two_kinds(internet: FaultyIssuer, algorithm: str) -> None:
    """The example of RFC 7517 section 4.5."""
    keys = {name: replace(key(name), kid="k1") for name in ("RS256", "ES256")}
    published = [each.jwk for each in keys.values()]
    assert asked(internet, signed(keys[algorithm]), tuple(keys), *published) == 200


def test_a_token_of_a_shared_secret_asks_nobody_for_keys(internet: FaultyIssuer) -> None:
    """supabase/auth#1724: the set is empty until the project leaves HS256."""
    _, payload, signature = signed(key("RS256")).split(".")
    header = b64(to_json({"alg": "HS256", "kid": "k1", "typ": "JWT"}))
    assert asked(internet, f"{header}.{payload}.{signature}", ("ES256",)) == 401
    assert internet.requests == []


def test_a_set_that_is_still_empty_leaves_a_good_token_to_nobody(internet: FaultyIssuer) -> None:
    """The issuer's word: a key that it does not publish is not one of its keys."""
    assert asked(internet, signed(key("ES256")), ("ES256",)) == 401
