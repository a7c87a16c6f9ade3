"""Where the built-in authorizer gets its keys, and for how long."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from local.gateway.authorizers.issuer_keys import KEEP_SECONDS, KeysUnreachable
from local.gateway.gateway import Clocks
from local.loopback import fetch
from tests.issuer import Issuer, serve_issuer
from tests.signing_key import SigningKey

from .conftest import Serve
from .jwt_calls import ask, mint, refused
from .templates import jwt_authorizer, route


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512"])
def test_the_three_rs_algorithms_pass(serve: Serve, algorithm: str) -> None:
    with serve_issuer(algorithm) as issuer:
        api = serve(route("GET /me", "Lambda2", "Jwt"), Jwt=jwt_authorizer(issuer.url))
        assert ask(api, mint(issuer)).status == 200


def test_keys_are_kept_for_two_hours_and_not_asked_for_again(serve: Serve) -> None:
    now = [0.0]
    with serve_issuer() as issuer:
        api = serve(
            route("GET /me", "Lambda2", "Jwt"),
            clocks=Clocks(monotonic=lambda: now[0]),
            Jwt=jwt_authorizer(issuer.url),
        )
        old = mint(issuer)
        assert ask(api, old).status == 200
        issuer.rotate()
        new = mint(issuer)
        now[0] = KEEP_SECONDS - 1
        assert (ask(api, old).status, ask(api, new).status) == (200, 401)
        now[0] = KEEP_SECONDS
        assert (ask(api, old).status, ask(api, new).status) == (200, 200)


def test_an_issuer_that_cannot_be_reached_is_401(serve: Serve) -> None:
    with serve_issuer() as issuer:
        api = serve(route("GET /me", "Lambda2", "Jwt"), Jwt=jwt_authorizer(issuer.url))
        token = mint(issuer)
    assert refused(ask(api, token), "OIDC discovery endpoint communication error")


def test_an_issuer_without_discovery_stops_the_start(serve: Serve, issuer: Issuer) -> None:
    for url in (f"{issuer.url}/nowhere", "http://127.0.0.1:1", "https://issuer.example"):
        with pytest.raises(KeysUnreachable, match=rf"authorizer jwt, issuer {url}: OIDC discovery"):
            serve(route("GET /me", "Lambda2", "Jwt"), Jwt=jwt_authorizer(url))


ITSELF = "itself"


@contextmanager
def odd_issuer(
    jwks: bytes, *, drip: bool = False, held: Event | None = None, named: object = ITSELF
) -> Iterator[str]:
    """An issuer whose JWKS is these bytes: at once, a byte now and then, or after an event.

    `named` is the issuer that its discovery document names.
    """
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        names: dict[object, object] = {ITSELF: url, "with a slash": f"{url}/"}
        name = names.get(named, named)
        document = json.dumps({"issuer": name, "jwks_uri": f"{url}/keys"}).encode()

        def answer(connection: socket.socket) -> None:
            with connection:
                is_jwks = b"/keys" in connection.recv(4096)
                body = jwks if is_jwks else document
                head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\n\r\n".encode()
                if is_jwks and held is not None:
                    held.wait()
                connection.sendall(head)
                for byte in body if is_jwks and drip else ():
                    connection.sendall(bytes([byte]))
                    time.sleep(0.05)
                connection.sendall(b"" if is_jwks and drip else body)

        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                Thread(target=suppressed, args=(answer, connection), daemon=True).start()

        accepting = Thread(target=accept, daemon=True)
        accepting.start()
        yield url
        server.shutdown(socket.SHUT_RDWR)
        accepting.join()


def suppressed(answer: Any, connection: socket.socket) -> None:
    try:
        answer(connection)
    except OSError:
        return  # the gateway hung up: that is the point


@pytest.mark.parametrize(
    "jwks",
    [b'{"keys": [' + b" " * 150_000 + b"]}", b"not json", b"[]", b"[" * 10_000],
    ids=["too large", "no JSON", "no object", "too deep"],
)
def test_a_key_set_that_is_none_is_a_communication_error(
    serve: Serve, issuer: Issuer, jwks: bytes
) -> None:
    with odd_issuer(jwks) as url:
        api = serve(route("GET /me", "Lambda2", "Jwt"), Jwt=jwt_authorizer(url))
        assert refused(ask(api, mint(issuer, iss=url)), "JWKS communication error")


def test_a_key_set_that_comes_a_byte_at_a_time_comes_too_late(
    serve: Serve, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = json.dumps(issuer.jwks()).encode()
    for drip, status in ((False, 200), (True, 401)):
        if drip:
            monkeypatch.setattr(fetch, "FETCH_SECONDS", 1.5)
        with odd_issuer(good, drip=drip) as url:
            api = serve(route("GET /me", "Lambda2", "Jwt"), Jwt=jwt_authorizer(url))
            assert ask(api, mint(issuer, iss=url)).status == status


@pytest.mark.parametrize(
    "spoilt",
    [
        {"kty": "EC"},
        {"n": "!"},
        {"use": "enc"},
        {"use": 1},
        {"kid": None},
        {"alg": "RS512"},
        {"alg": "PS256"},
        {"alg": "ES256"},
        {"alg": ["RS256"]},
        {"key_ops": ["sign"]},
        {"key_ops": []},
        {"key_ops": "verify"},
        {"key_ops": None},
        {"d": "AQAB"},
        {"p": "AQAB"},
    ],
    ids=json.dumps,
)
def test_a_key_that_is_no_rsa_signing_key_is_none(
    serve: Serve, issuer: Issuer, spoilt: dict[str, Any]
) -> None:
    jwks = {"keys": ["x", {**issuer.signing_key.jwk, **spoilt}]}
    with odd_issuer(json.dumps(jwks).encode()) as url:
        api = serve(route("GET /me", "Lambda2", "Jwt"), Jwt=jwt_authorizer(url))
        assert refused(ask(api, mint(issuer, iss=url)), "kid is not in the issuer's JWKS")


@pytest.mark.parametrize(
    "members", [{}, {"alg": "RS256"}, {"key_ops": ["verify"]}, {"use": "sig", "x5t": "x"}]
)
def test_a_key_that_is_for_this_is_used(
    serve: Serve, issuer: Issuer, members: dict[str, Any]
) -> None:
    bare = {name: issuer.signing_key.jwk[name] for name in ("kty", "n", "e", "kid")}
    with odd_issuer(json.dumps({"keys": [{**bare, **members}]}).encode()) as url:
        api = serve(route("GET /me", "Lambda2", "Jwt"), Jwt=jwt_authorizer(url))
        assert ask(api, mint(issuer, iss=url)).status == 200


@pytest.mark.parametrize(("bits", "status"), [(1024, 401), (1536, 401), (2047, 401), (2048, 200)])
def test_a_key_has_2048_bits_or_more(serve: Serve, bits: int, status: int) -> None:
    private_key = rsa.generate_private_key(65537, bits)
    key = SigningKey("RS256", private_key, "k")
    with odd_issuer(json.dumps({"keys": [key.jwk]}).encode()) as url:
        api = serve(route("GET /me", "Lambda2", "Jwt"), Jwt=jwt_authorizer(url))
        claims = {"iss": url, "client_id": "web", "exp": int(time.time()) + 600}
        message = ".".join(
            jwt.utils.base64url_encode(json.dumps(part).encode()).decode()
            for part in ({"alg": "RS256", "kid": "k"}, claims)
        )
        signature = private_key.sign(message.encode(), PKCS1v15(), SHA256())
        token = f"{message}.{jwt.utils.base64url_encode(signature).decode()}"
        assert ask(api, token).status == status


@pytest.mark.parametrize("named", ["https://other.example", None, 7, "with a slash"])
def test_a_discovery_document_of_another_issuer_stops_the_start(
    serve: Serve, issuer: Issuer, named: Any
) -> None:
    error = pytest.raises(KeysUnreachable, match="OIDC discovery endpoint communication error")
    with odd_issuer(json.dumps(issuer.jwks()).encode(), named=named) as url, error:
        serve(route("GET /me", "Lambda2", "Jwt"), Jwt=jwt_authorizer(url))


def test_one_slow_issuer_does_not_hold_up_another(serve: Serve, issuer: Issuer) -> None:
    held = Event()
    with odd_issuer(json.dumps(issuer.jwks()).encode(), held=held) as slow:
        api = serve(
            route("GET /me", "Lambda2", "Jwt"),
            route("GET /slow", "Lambda2", "JwtSlow"),
            Jwt=jwt_authorizer(issuer.url),
            JwtSlow=jwt_authorizer(slow),
        )
        waiting = Thread(target=ask, args=(api, mint(issuer, iss=slow), "/slow"))
        waiting.start()
        assert ask(api, mint(issuer)).status == 200
        assert waiting.is_alive()
        held.set()
        waiting.join()
