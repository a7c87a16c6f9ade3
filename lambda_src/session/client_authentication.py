"""Our confidential client -> what a request to the issuer proves that it comes from us with.

By a secret as HTTP Basic or, where the issuer's document leaves Basic out, in the form (RFC 6749
section 2.3.1); or by a signature with a private key (OpenID Connect Core 1.0 section 9,
`private_key_jwt`; RFC 7523). Both come from Secrets Manager, and are kept for five minutes.
"""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote_plus

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from jwt_verifier.cached_value import CachedValue
from jwt_verifier.freshness import Clocks
from jwt_verifier.strict_json import JsonInvalid, parse_object
from session.discovery import Endpoints
from session.errors import SERVICE_FAILURES, Unavailable
from session.secret_store import SecretStore
from session.settings import Settings

BASIC: Final = "client_secret_basic"
ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS: Final = 60
FRESH_SECONDS: Final = 300.0
MAX_AGE_SECONDS: Final = 3_600.0
COOLDOWN_SECONDS: Final = 2.0
_RANDOM_BYTES: Final = 16
_CURVES: Final = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}


@dataclass(frozen=True, slots=True)
class Proof:
    """What is added to a request: headers, and members of the form."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    form: Mapping[str, str] = field(default_factory=dict, repr=False)


class ClientAuthentication:
    """Proves who we are.

    Args:
        settings: Which client, how, and where its secret is.
        store: Reads the secret.
        clocks: Both of them.
    """

    def __init__(self, settings: Settings, store: SecretStore, clocks: Clocks) -> None:
        self._settings = settings
        self._store = store
        self._clocks = clocks
        self._credential = CachedValue(
            self._read,
            SERVICE_FAILURES,
            clocks,
            fresh_seconds=FRESH_SECONDS,
            max_age_seconds=MAX_AGE_SECONDS,
        )

    def proof(self, endpoints: Endpoints) -> Proof:
        """Return the proof of identity for this issuer.

        Raises:
            Unavailable: The secret cannot be read, or is not there yet.
        """
        return self._proof(self._credential.get(), endpoints)

    def refreshed_proof(self, endpoints: Endpoints) -> Proof | None:
        """Return a proof by a changed secret, for an issuer that has refused the current one."""
        before = self._credential.get()
        after = self._credential.refreshed(COOLDOWN_SECONDS)
        return None if after in (None, before) else self._proof(str(after), endpoints)

    def _proof(self, credential: str, endpoints: Endpoints) -> Proof:
        client_id = self._settings.client_id
        if self._settings.client_authentication == "private_key":
            assertion = self._assertion(credential, endpoints.token)
            return Proof(
                form={
                    "client_id": client_id,
                    "client_assertion_type": ASSERTION_TYPE,
                    "client_assertion": assertion,
                }
            )
        if endpoints.token_authentications and BASIC not in endpoints.token_authentications:
            return Proof(form={"client_id": client_id, "client_secret": credential})
        pair = f"{quote_plus(client_id)}:{quote_plus(credential)}".encode()
        return Proof(headers={"authorization": f"Basic {base64.b64encode(pair).decode()}"})

    def _assertion(self, pem: str, audience: str) -> str:
        try:
            key = load_pem_private_key(pem.encode(), password=None)
        except (ValueError, TypeError):
            raise Unavailable("the private key cannot be read", "private_key_invalid") from None
        match key:
            case rsa.RSAPrivateKey():
                algorithm = "RS256"
            case ec.EllipticCurvePrivateKey() if key.curve.name in _CURVES:
                algorithm = _CURVES[key.curve.name]
            case ed25519.Ed25519PrivateKey():
                algorithm = "EdDSA"
            case _:
                raise Unavailable("the private key cannot sign a JWT", "private_key_invalid")
        now = int(self._clocks.wall())
        claims = {
            "iss": self._settings.client_id,
            "sub": self._settings.client_id,
            "aud": audience,
            "jti": secrets.token_urlsafe(_RANDOM_BYTES),
            "iat": now,
            "exp": now + ASSERTION_SECONDS,
        }
        return jwt.encode(claims, key, algorithm=algorithm)

    def _read(self) -> str:
        text = self._store.read(self._settings.client_secret_id)
        try:
            document = parse_object((text or "").encode())
        except JsonInvalid:
            # Before the first rotation: Cognito's secret has not been fetched yet.
            raise Unavailable(
                "the client's secret does not exist yet", "client_secret_missing"
            ) from None
        if document.get("client_id", self._settings.client_id) != self._settings.client_id:
            raise Unavailable("the secret belongs to another client", "client_secret_foreign")
        value = document.get(self._settings.client_secret_key)
        if not isinstance(value, str) or not value:
            raise Unavailable("the secret lacks its key", "client_secret_missing")
        return value
