"""An OIDC issuer on loopback: a key pair, discovery, a JWKS, and tokens with any claims.

For people who try the authorizer against an issuer of their own, and for tests. Its private keys
are made at start and live in memory only.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import Algorithm, get_default_algorithms

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | Ed25519PrivateKey

RSA_BITS = 2048
TOKEN_SECONDS = 900

_CURVES: Mapping[str, ec.EllipticCurve] = {
    "ES256": ec.SECP256R1(),
    "ES384": ec.SECP384R1(),
    "ES512": ec.SECP521R1(),
}


jwt.register_algorithm("Ed25519", get_default_algorithms()["EdDSA"])  # RFC 9864: PyJWT has it not


def jws_algorithm(name: str) -> Algorithm:
    """Return PyJWT's algorithm of this JWS name."""
    return get_default_algorithms()["EdDSA" if name == "Ed25519" else name]


def generate_private_key(algorithm: str) -> PrivateKey:
    """Return a new private key for a JWS algorithm: RS*, PS*, ES*, EdDSA or Ed25519."""
    if algorithm in _CURVES:
        return ec.generate_private_key(_CURVES[algorithm])
    if algorithm in ("EdDSA", "Ed25519"):
        return Ed25519PrivateKey.generate()
    return rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with the algorithm and the kid that its tokens carry."""

    algorithm: str
    private_key: PrivateKey
    kid: str

    @classmethod
    def generate(cls, algorithm: str) -> "SigningKey":
        """Return a new key; its kid is a digest of its public half."""
        private_key = generate_private_key(algorithm)
        public = json.dumps(_public_jwk(algorithm, private_key), sort_keys=True)
        return cls(algorithm, private_key, sha256(public.encode()).hexdigest()[:22])

    @property
    def jwk(self) -> dict[str, Any]:
        """The public key as its issuer publishes it (RFC 7517)."""
        public = _public_jwk(self.algorithm, self.private_key)
        return {**public, "kid": self.kid, "use": "sig", "alg": self.algorithm}

    def sign(self, claims: Mapping[str, Any], header: Mapping[str, Any] | None = None) -> str:
        """Return a JWT of these claims; `header` overrides members, None removes one."""
        members = {"kid": self.kid, **(header or {})}
        if members["kid"] is None:
            # PyJWT leaves a None out by itself, except here: it wants a string or no member.
            del members["kid"]
        return jwt.encode(dict(claims), self.private_key, algorithm=self.algorithm, headers=members)


class Issuer:
    """Signs tokens with its newest key and publishes all that it has not withdrawn."""

    def __init__(self, url: str, algorithm: str = "RS256") -> None:
        self.url = url
        self._algorithm = algorithm
        self.keys = [SigningKey.generate(algorithm)]

    @property
    def signing_key(self) -> SigningKey:
        """The key that signs now."""
        return self.keys[-1]

    def mint(self, **claims: object) -> str:
        """Return a signed token: 15 minutes, from now, with these claims; None leaves one out."""
        now = int(time.time())
        defaults = {"iss": self.url, "sub": "someone", "iat": now, "exp": now + TOKEN_SECONDS}
        chosen = {**defaults, **claims}
        return self.signing_key.sign({k: v for k, v in chosen.items() if v is not None})

    def rotate(self) -> SigningKey:
        """Sign with a new key from now on; the old ones stay published."""
        self.keys.append(SigningKey.generate(self._algorithm))
        return self.signing_key

    def withdraw(self, key: SigningKey) -> None:
        """Publish a key no longer."""
        self.keys.remove(key)

    def jwks(self) -> dict[str, Any]:
        """Return the JWK set (RFC 7517 section 5)."""
        return {"keys": [key.jwk for key in self.keys]}

    def metadata(self) -> dict[str, Any]:
        """Return the discovery document (OpenID Connect Discovery 1.0 section 3)."""
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/.well-known/jwks.json",
            "id_token_signing_alg_values_supported": [self._algorithm],
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
        }


@contextmanager
def serve_issuer(algorithm: str = "RS256") -> Iterator[Issuer]:
    """Serve a new issuer on 127.0.0.1, at a port of its own, until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Documents)
    issuer = Issuer(f"http://127.0.0.1:{server.server_port}", algorithm)
    server.RequestHandlerClass = type("Documents", (_Documents,), {"issuer": issuer})
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Documents(BaseHTTPRequestHandler):
    issuer: Issuer

    def do_GET(self) -> None:
        """Serve the two documents of an issuer."""
        documents = {
            "/.well-known/openid-configuration": self.issuer.metadata,
            "/.well-known/jwks.json": self.issuer.jwks,
        }
        document = documents.get(self.path)
        body = json.dumps(document() if document else {"message": "Not Found"}).encode()
        self.send_response(200 if document else 404)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its parent's name
        """Stay silent: whoever serves an issuer has their own log."""


def _public_jwk(algorithm: str, private_key: PrivateKey) -> dict[str, Any]:
    jwk: dict[str, Any] = jws_algorithm(algorithm).to_jwk(private_key.public_key(), as_dict=True)
    return {name: value for name, value in jwk.items() if name not in ("key_ops", "alg", "use")}
