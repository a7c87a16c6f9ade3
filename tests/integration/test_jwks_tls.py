"""Row N5: a certificate that does not hold is refused, and no request is made."""

import datetime as dt
import json
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from tests.attacks.bench import NOW
from tests.attacks.forge import Mint
from tests.attacks.gateway_event import bearer
from tests.attacks.keyring import keyring
from tests.attacks.target import OPEN_POLICY, PLAIN_ISSUER
from tests.integration.faults import healthy
from tests.integration.faulty_issuer import FaultyIssuer, serve_faults

DAY: Final = dt.timedelta(days=1)

FUNCTION = """
import json, os, sys
from jwt_verifier.errors import KeysUnavailable
from authorizer.handler import build
from authorizer.policy import RoutePolicy
from authorizer.settings import Settings
settings = Settings.from_env(os.environ)
authorizer = build(settings, RoutePolicy.from_file(settings.policy_file), wall_clock=lambda: NOW)
try:
    print("verdict", authorizer(json.loads(sys.argv[1]))["isAuthorized"])
except KeysUnavailable as unavailable:
    print("verdict", unavailable)
"""


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate for a host, valid from and to so many days from now."""

    host: str = "127.0.0.1"
    from_days: int = -1
    to_days: int = 1

    def write(self, folder: Path) -> Path:
        """Write the certificate and its key into one file, and return it."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.host)])
        now = dt.datetime.now(dt.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + self.from_days * DAY)
            .not_valid_after(now + self.to_days * DAY)
            .add_extension(x509.SubjectAlternativeName([self._general_name()]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, SHA256())
        )
        path = folder / "certificate.pem"
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(certificate.public_bytes(Encoding.PEM) + private)
        return path

    def _general_name(self) -> x509.GeneralName:
        try:
            return x509.IPAddress(ip_address(self.host))
        except ValueError:
            return x509.DNSName(self.host)


@contextmanager
def serve_tls(path: Path) -> Iterator[FaultyIssuer]:
    """Serve the usual key set over TLS with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with serve_faults(keyring().jwks(), healthy, context) as issuer:
        yield issuer


def verdict(issuer: FaultyIssuer, folder: Path, **environment: str) -> str:
    """Judge a good token in a process of its own: TLS settings are read once a process."""
    policy = folder / "policy.json"
    policy.write_bytes(OPEN_POLICY)
    item = {**PLAIN_ISSUER, "jwks_uri": f"{issuer.url}/jwks"}
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            FUNCTION.replace("NOW", str(NOW)),
            json.dumps(bearer(Mint(NOW, keyring()).token())),
        ],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": "lambda_src",
            "ISSUERS": json.dumps([item]),
            "POLICY_FILE": str(policy),
            **environment,
        },
        capture_output=True,
        check=True,
        timeout=60,
    )
    (line,) = (line for line in done.stdout.decode().splitlines() if line.startswith("verdict "))
    return line.removeprefix("verdict ")


def test_keys_behind_a_trusted_certificate_are_fetched(tmp_path: Path) -> None:
    """N5: or the refusals below would say nothing."""
    path = Certificate().write(tmp_path)
    with serve_tls(path) as issuer:
        assert verdict(issuer, tmp_path, SSL_CERT_FILE=str(path)) == "True"
        assert issuer.fetches == 1


@pytest.mark.parametrize(
    ("certificate", "trusted"),
    [
        (Certificate(), False),
        (Certificate(host="other.example"), True),
        (Certificate(host="127.0.0.2"), True),
        (Certificate(from_days=-3, to_days=-1), True),
        (Certificate(from_days=1, to_days=3), True),
    ],
    ids=["self-signed", "another host", "another address", "expired", "not yet valid"],
)
def test_a_certificate_that_does_not_hold_is_refused(
    certificate: Certificate, trusted: bool, tmp_path: Path
) -> None:
    """N5: the handshake ends it; nothing is asked."""
    path = certificate.write(tmp_path)
    environment = {"SSL_CERT_FILE": str(path)} if trusted else {}
    with serve_tls(path) as issuer:
        answer = verdict(issuer, tmp_path, **environment)
        assert answer == f"no answer: SSLCertVerificationError: {issuer.url}/jwks"
        assert issuer.fetches == 0


def test_there_is_no_switch_to_turn_verification_off(tmp_path: Path) -> None:
    """N5: neither ours nor those of Python and its libraries."""
    path = Certificate().write(tmp_path)
    switches = {"PYTHONHTTPSVERIFY": "0", "CURL_CA_BUNDLE": "", "SSL_VERIFY": "0"}
    with serve_tls(path) as issuer:
        answer = verdict(issuer, tmp_path, **switches)
        assert answer == f"no answer: SSLCertVerificationError: {issuer.url}/jwks"
        assert issuer.fetches == 0


def test_plain_http_on_the_port_of_tls_is_no_answer(tmp_path: Path) -> None:
    """N5: and neither is a fallback to it."""
    with serve_faults(keyring().jwks(), healthy) as issuer:
        issuer.url = issuer.url.replace("http:", "https:")
        answer = verdict(issuer, tmp_path)
        assert answer.startswith("no answer: SSL")
        assert issuer.fetches == 0
