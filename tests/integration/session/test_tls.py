"""Tokens travel only to who has a certificate that holds; in a process, as TLS is set up once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.test_jwks_tls import Certificate, serve_tls

PROGRAM = """
import sys
from session.download import Web
from session.errors import Unavailable
try:
    print(Web(timeout_seconds=10).ask(sys.argv[1]).status)
except Unavailable as unavailable:
    print(unavailable)
"""


def asked(url: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, url],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": "lambda_src", **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.strip()


def test_an_issuer_with_a_trusted_certificate_is_asked(tmp_path: Path) -> None:
    path = Certificate().write(tmp_path)
    with serve_tls(path) as issuer:
        assert asked(f"{issuer.url}/jwks", SSL_CERT_FILE=str(path)) == "200"


@pytest.mark.parametrize(
    ("certificate", "trusted"),
    [
        (Certificate(), False),
        (Certificate(host="other.example"), True),
        (Certificate(from_days=-3, to_days=-1), True),
    ],
    ids=["self-signed", "another host", "expired"],
)
def test_a_certificate_that_does_not_hold_ends_it_before_anything_is_asked(
    certificate: Certificate, trusted: bool, tmp_path: Path
) -> None:
    path = certificate.write(tmp_path)
    environment = {"SSL_CERT_FILE": str(path)} if trusted else {}
    with serve_tls(path) as issuer:
        assert asked(f"{issuer.url}/jwks", **environment) == "no answer: SSLCertVerificationError"
        assert issuer.fetches == 0
