"""Whose certificates hold where a bundle carries roots: those, and the system's store after them.

Over real TLS. The system's store is what SSL_CERT_FILE names, set only after the process has
looked whether it was chosen: a machine's own store is not ours to write into.
"""

import json
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from aws_jwt_authorizer.bundling.bundle import Bundle
from aws_jwt_authorizer.bundling.roots import ROOTS, hashed
from aws_jwt_authorizer.bundling.shared_sources import shared_modules
from aws_jwt_authorizer.bundling.target import host_target
from aws_jwt_authorizer.function_sources import LAMBDA_SRC, OWN_FUNCTIONS
from jwt_verifier import trust
from jwt_verifier.https import Answer, NoAnswer, Request, ask
from tests.integration.authorities import Authority
from tests.integration.faulty_issuer import FaultyIssuer
from tests.integration.test_jwks_tls import serve_tls

KNOWN = Authority("A root of the bundle")
OLD = Authority("An older root that has signed the known one")
BETWEEN = Authority("An intermediate of the known root")
OTHER = Authority("A root of the system alone")
NEITHER = Authority("A root of nobody")
Trust = Callable[..., None]


@pytest.fixture
def trusting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trust]:
    """Lets this process trust roots of a bundle, and a system's store besides."""

    def forget() -> None:
        trust.first_store.cache_clear()
        trust.system_store.cache_clear()

    def trust_these(*bundled: bytes, system: bytes) -> None:
        folder = tmp_path / "roots"
        folder.mkdir()
        for name, certificate in hashed(b"".join(bundled)).items():
            (folder / name).write_bytes(certificate)
        (tmp_path / "system.pem").write_bytes(system)
        monkeypatch.setattr(trust, "BUNDLED_ROOTS", str(folder))
        for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
            monkeypatch.delenv(variable, raising=False)
        forget()
        trust.first_store()
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "system.pem"))
        monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "nothing"))

    yield trust_these
    forget()


def asked(issuer: FaultyIssuer, form: dict[str, str] | None = None) -> Answer:
    return ask(Request(f"{issuer.url}/jwks", form), 30.0)


@contextmanager
def refused(issuer: FaultyIssuer, connections: int) -> Iterator[None]:
    with pytest.raises(NoAnswer, match=r"^no answer: SSLCertVerificationError$"):
        yield
    assert (issuer.fetches, issuer.connections) == (0, connections)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "server.pem"


def test_a_chain_to_a_root_of_the_bundle_is_trusted_without_the_systems_store(
    trusting: Trust, file: Path
) -> None:
    trusting(KNOWN.root(), system=NEITHER.root())
    with serve_tls(KNOWN.serve(file)) as issuer:
        assert asked(issuer).status == 200
        assert issuer.connections == 1


def test_a_chain_through_an_intermediate_is_trusted(trusting: Trust, file: Path) -> None:
    trusting(KNOWN.root(), system=NEITHER.root())
    with serve_tls(BETWEEN.serve(file, KNOWN.certify(BETWEEN))) as issuer:
        assert asked(issuer).status == 200
        assert issuer.connections == 1


@pytest.mark.parametrize(
    "bundled", [KNOWN.root(), OLD.root()], ids=["the newer root", "the older root"]
)
def test_a_cross_signed_chain_is_trusted_by_either_root(
    trusting: Trust, file: Path, bundled: bytes
) -> None:
    trusting(bundled, system=NEITHER.root())
    with serve_tls(KNOWN.serve(file, OLD.certify(KNOWN))) as issuer:
        assert asked(issuer).status == 200
        assert issuer.connections == 1


def test_a_cross_signed_chain_is_trusted_after_the_older_root_has_expired(
    trusting: Trust, file: Path
) -> None:
    trusting(OLD.root(from_days=-9, to_days=-1), KNOWN.root(), system=NEITHER.root())
    with serve_tls(KNOWN.serve(file, OLD.certify(KNOWN))) as issuer:
        assert asked(issuer).status == 200
        assert issuer.connections == 1


@pytest.mark.parametrize("form", [None, {"grant_type": "refresh_token"}], ids=["GET", "POST"])
def test_a_root_of_the_systems_store_alone_is_trusted_at_the_second_try(
    trusting: Trust, file: Path, form: dict[str, str] | None
) -> None:
    trusting(KNOWN.root(), system=OTHER.root())
    with serve_tls(OTHER.serve(file)) as issuer:
        assert asked(issuer, form).status == 200
        assert (issuer.fetches, issuer.connections) == (1, 2)


def test_a_root_that_has_expired_in_the_bundle_and_was_renewed_since_is_trusted(
    trusting: Trust, file: Path
) -> None:
    trusting(KNOWN.root(from_days=-9, to_days=-1), system=KNOWN.root())
    with serve_tls(KNOWN.serve(file)) as issuer:
        assert asked(issuer).status == 200
        assert (issuer.fetches, issuer.connections) == (1, 2)


@pytest.mark.parametrize("signs", [KNOWN, OTHER], ids=["bundled root", "system's root"])
@pytest.mark.parametrize(
    ("wrong", "other_tries"),
    [
        ({"host": "127.0.0.2"}, 0),
        ({"from_days": 1, "to_days": 3}, 0),
        ({"from_days": -3, "to_days": -1}, 1),
    ],
    ids=["another host", "not yet valid", "expired"],
)
def test_a_certificate_that_does_not_hold_is_refused_by_both_stores(
    trusting: Trust, file: Path, signs: Authority, wrong: dict[str, object], other_tries: int
) -> None:
    trusting(KNOWN.root(), system=OTHER.root())
    tries = 2 if signs is OTHER else 1 + other_tries
    with serve_tls(signs.serve(file, **wrong)) as issuer, refused(issuer, tries):  # type: ignore[arg-type]
        asked(issuer)


def test_a_chain_to_a_root_of_neither_store_is_refused(trusting: Trust, file: Path) -> None:
    trusting(KNOWN.root(), system=OTHER.root())
    with serve_tls(NEITHER.serve(file, NEITHER.root())) as issuer, refused(issuer, 2):
        asked(issuer)


def test_an_intermediate_that_nobody_sends_is_refused(trusting: Trust, file: Path) -> None:
    trusting(KNOWN.root(), system=OTHER.root())
    with serve_tls(BETWEEN.serve(file)) as issuer, refused(issuer, 2):
        asked(issuer)


def test_a_server_that_names_itself_after_a_root_without_its_key_is_refused(
    trusting: Trust, file: Path
) -> None:
    trusting(KNOWN.root(), system=OTHER.root())
    impostor = Authority(KNOWN.name)
    with serve_tls(impostor.serve(file, impostor.root())) as issuer, refused(issuer, 2):
        asked(issuer)


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_a_store_that_was_chosen_counts_alone(
    trusting: Trust, file: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    trusting(KNOWN.root(), system=OTHER.root())
    trust.first_store.cache_clear()
    if variable == "SSL_CERT_DIR":
        monkeypatch.delenv("SSL_CERT_FILE")
    else:
        monkeypatch.delenv("SSL_CERT_DIR")
    with serve_tls(KNOWN.serve(file)) as issuer, refused(issuer, 1):
        asked(issuer)


def test_without_roots_of_a_bundle_there_is_the_systems_store_alone() -> None:
    trust.first_store.cache_clear()
    assert not Path(trust.BUNDLED_ROOTS).exists(), "pip install brings none"
    assert trust.first_store() is trust.system_store()


def test_both_stores_verify_alike(trusting: Trust) -> None:
    trusting(KNOWN.root(), system=OTHER.root())
    first, system = trust.first_store(), trust.system_store()
    assert first is not system
    for setting in ("verify_mode", "verify_flags", "check_hostname", "options", "minimum_version"):
        assert getattr(first, setting) == getattr(system, setting), setting
    assert first.verify_mode is ssl.CERT_REQUIRED
    assert first.check_hostname


REACHING = sorted(
    name
    for name in OWN_FUNCTIONS
    if Path("jwt_verifier/https.py") in shared_modules(LAMBDA_SRC / name)
)
PROGRAM = """
import json, ssl, sys
from jwt_verifier import trust
from jwt_verifier.https import Request, ask
context = trust.first_store()
assert context is not trust.system_store()
print(json.dumps([trust.BUNDLED_ROOTS, ask(Request(sys.argv[1]), 30.0).status]))
"""


def test_functions_that_fetch_are_known() -> None:
    assert REACHING == ["authorizer", "key_rotation", "page", "session"]


@pytest.mark.parametrize("function", REACHING)
def test_each_bundle_that_fetches_trusts_mozillas_roots(
    function: str, tmp_path: Path, file: Path
) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    Bundle(function, host_target(), {}).build(bundle)
    roots = bundle / ROOTS
    certificates = [path.read_bytes() for path in roots.iterdir()]
    assert len(certificates) > 100
    assert all(text.count(b"-----BEGIN CERTIFICATE-----") == 1 for text in certificates)
    assert not (bundle / "certifi").exists()
    assert list(bundle.glob("certifi-*.dist-info/licenses/LICENSE"))
    for name, certificate in hashed(KNOWN.root()).items():
        (roots / name).write_bytes(certificate)
    with serve_tls(KNOWN.serve(file)) as issuer:
        done = subprocess.run(
            [sys.executable, "-S", "-c", PROGRAM, f"{issuer.url}/jwks"],
            env={"PYTHONPATH": str(bundle)},
            capture_output=True,
            text=True,
            check=True,
        )
    assert json.loads(done.stdout) == [str(roots), 200]
