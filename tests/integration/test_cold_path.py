"""What a start and a first invocation do, without a clock: modules, sockets, bytes, allocations.

The authorizer runs from its bundle under the real runtime client.
"""

import gc
import json
import shutil
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from aws_jwt_authorizer.bundling.bundle import Bundle
from aws_jwt_authorizer.bundling.roots import ROOTS, hashed
from aws_jwt_authorizer.bundling.target import host_target
from aws_jwt_authorizer.function_sources import LAMBDA_SRC
from benchmarks.speed.bundle_sizes import megabytes
from jwt_verifier.jwt_verifier import JwtVerifier
from jwt_verifier.tokens import UnverifiedToken
from local.runtime.functions import Functions
from tests.attacks.forge import AUDIENCE, ISSUER, Mint
from tests.attacks.gateway_event import bearer
from tests.attacks.keyring import keyring
from tests.attacks.target import OPEN_POLICY, PLAIN_ISSUER
from tests.integration.authorities import Authority
from tests.integration.faults import healthy
from tests.integration.faulty_issuer import FaultyIssuer, serve_faults
from tests.integration.runtime_functions import call, function_config
from tests.integration.test_jwks_tls import serve_tls
from tests.sample.paths import BACKENDS

AUTHORITY = Authority("The authority of a test's issuer")
NOT_LOADED: Final = (
    *("asyncio", "aws_xray_sdk", "boto3", "botocore.session", "cryptography.x509", "jwt"),
)
"""Each costs tens of milliseconds at every cold start. Powertools looks whether Lambda has botocore:
its package alone takes less than one."""

NOT_LOADED_FOR_KEYS_IN_HAND: Final = ("email", "http.client", "ssl")

PROBE = """
import sys
EVENTS = []
sys.addaudithook(lambda event, _: EVENTS.append(event) if event.startswith("socket.") else None)
from authorizer.handler import handler as authorizer
OF_INIT = tuple(EVENTS)

def handler(event, context):
    modules, events = set(sys.modules), len(EVENTS)
    answer = authorizer(event, context)
    return {
        "allowed": answer["isAuthorized"],
        "loaded": sorted(modules),
        "imported": sorted(set(sys.modules) - modules),
        "sockets_of_init": OF_INIT,
        "sockets": EVENTS[events:],
    }
"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The authorizer's bundle for this machine, which trusts the authority as well."""
    folder = tmp_path_factory.mktemp("bundle")
    files = {"policy.json": OPEN_POLICY.decode()}
    Bundle("authorizer", host_target(), files).build(folder)
    for name, certificate in hashed(AUTHORITY.root()).items():
        (folder / ROOTS / name).write_bytes(certificate)
    return folder


@pytest.fixture(params=["http", "https"])
def issuer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FaultyIssuer]:
    if request.param == "https":
        with serve_tls(AUTHORITY.serve(tmp_path / "server.pem")) as serving:
            yield serving
    else:
        with serve_faults(keyring().jwks(), healthy) as serving:
            yield serving


def first_invocation(bundle: Path, algorithm: str, **keys: object) -> Mapping[str, Any]:
    """What the function saw of itself in its first invocation, with a good token."""
    item = {**PLAIN_ISSUER, "algorithms": [algorithm], **keys}
    environment = {
        "ISSUERS": json.dumps([item]),
        "POLICY_FILE": "policy.json",
        "POWERTOOLS_SERVICE_NAME": "authorizer",
    }
    token = Mint(int(time.time()), keyring()).token(key=keyring().issuer[algorithm])
    with tempfile.TemporaryDirectory() as folder:
        code = shutil.copytree(bundle, Path(folder) / "code")
        functions = Functions(lambda _name, _line: None)
        try:
            functions.update([function_config(code, PROBE, environment=environment)])
            seen = call(functions, **bearer(token))
        finally:
            functions.stop()
    assert isinstance(seen, dict), seen
    assert seen["allowed"]
    return seen


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_the_first_invocation_imports_no_module_and_opens_no_socket(
    bundle: Path, issuer: FaultyIssuer, algorithm: str
) -> None:
    seen = first_invocation(bundle, algorithm, jwks_uri=f"{issuer.url}/jwks")
    assert (seen["imported"], seen["sockets"]) == ([], [])
    assert (issuer.connections, issuer.fetches) == (1, 1), "the keys were fetched once, in init"
    assert seen["sockets_of_init"].count("socket.connect") == 1
    assert [name for name in NOT_LOADED if name in seen["loaded"]] == []


def test_keys_in_hand_load_no_http_client_and_no_tls(bundle: Path) -> None:
    seen = first_invocation(bundle, "RS256", jwks=keyring().jwks())
    assert seen["sockets_of_init"] == seen["sockets"] == seen["imported"] == []
    without = (*NOT_LOADED, *NOT_LOADED_FOR_KEYS_IN_HAND)
    assert [name for name in without if name in seen["loaded"]] == []


CEILINGS: Final = {
    # function: (zipped, unzipped), in MB, with bytecode and certificate authorities
    "authorizer": (6.3, 18.5),
    "session": (9.0, 26.5),
    "page": (0.8, 2.0),
    "token_issuer": (3.6, 10.5),
    "key_rotation": (8.8, 26.0),
    "revocations": (3.6, 10.5),
    "secret_rotation": (3.4, 10.0),
    "token_claims": (0.6, 1.5),
    "health": (0.9, 2.5),
}


@pytest.mark.parametrize("function", CEILINGS)
def test_a_bundle_for_lambda_stays_below_its_ceiling(function: str, tmp_path: Path) -> None:
    own = BACKENDS if function == "health" else LAMBDA_SRC
    sizes = megabytes(function, tmp_path, own)
    assert all(size <= most for size, most in zip(sizes, CEILINGS[function], strict=True)), sizes


PEAK_BYTES: Final = 10_000
WARM_UP = 100
VERIFICATIONS = 2_000


@pytest.fixture
def verifier() -> JwtVerifier:
    verifier = JwtVerifier.oidc(ISSUER, audiences=[AUDIENCE], jwks=keyring().jwks())
    tokens = tokens_of(WARM_UP)
    for token in tokens:
        verifier.verify(token)
    return verifier


def tokens_of(number: int) -> list[UnverifiedToken]:
    mint = Mint(int(time.time()), keyring())
    return [UnverifiedToken(mint.token(claims=mint.claims(jti=str(n)))) for n in range(number)]


def test_a_verification_needs_no_more_than_ten_kilobytes(verifier: JwtVerifier) -> None:
    # Other threads of the process allocate too, and seldom during each of a few verifications.
    assert min(peak_of(verifier, token) for token in tokens_of(5)) <= PEAK_BYTES


def peak_of(verifier: JwtVerifier, token: UnverifiedToken) -> int:
    tracemalloc.start()
    try:
        verifier.verify(token)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_verifications_leave_nothing_behind(verifier: JwtVerifier) -> None:
    tokens = tokens_of(WARM_UP) * (VERIFICATIONS // WARM_UP)
    gc.collect()
    before = sys.getallocatedblocks()
    for token in tokens:
        verifier.verify(token)
    gc.collect()
    # Other threads of the process allocate too; what a verification left would be a block each.
    assert sys.getallocatedblocks() - before < VERIFICATIONS // 2
