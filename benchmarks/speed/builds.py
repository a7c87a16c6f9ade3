"""What cold starts run: each function as it would stand in `/var/task`, with and without bytecode.

The interpreter is this machine's, so its bundles are this machine's too: the same sources, and the
same locked versions, as the bundle for Lambda.
"""

import compileall
import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Final

from aws_jwt_authorizer.bundling.bundle import Bundle
from aws_jwt_authorizer.bundling.roots import ROOTS, hashed
from aws_jwt_authorizer.bundling.target import host_target
from benchmarks.peer_environments import PEERS, ROOT
from benchmarks.speed.question import CLIENT, POOL
from tests.integration.authorities import Authority

FUNCTIONS: Final = ROOT / "benchmarks" / "speed" / "functions"
NO_CACHES: Final = shutil.ignore_patterns("__pycache__")


def our_authorizer(folder: Path, policy: str, authority: bytes) -> Path:
    """Build the authorizer's bundle, which trusts one more authority; return it, compiled."""
    bundle = _built(folder, "authorizer", {"policy.json": policy})
    for name, certificate in hashed(authority).items():
        (bundle / ROOTS / name).write_bytes(certificate)
    return bundle


def our_function(folder: Path, name: str) -> Path:
    """Build the bundle of another function of ours; return it, compiled."""
    page = {
        "static/index.html": "<!doctype html><title>Orders</title>",
        "routes.json": json.dumps({"issuer_name": None, "routes": []}),
    }
    return _built(folder, name, page if name == "page" else {})


def usual_python(folder: Path) -> Path:
    """Gather PyJWT, Powertools and the function on them; return the folder, compiled."""
    (packages,) = PEERS.glob("lib/python3*/site-packages")
    for path in (packages, FUNCTIONS):
        shutil.copytree(path, folder, ignore=NO_CACHES, dirs_exist_ok=True)
    return compiled(folder)


def compiled(folder: Path) -> Path:
    """Give every module its bytecode, as deployed bundles have it; return the folder."""
    compileall.compile_dir(
        folder, quiet=2, force=True, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH
    )
    return folder


def without_bytecode(folder: Path) -> Path:
    """Return a copy of a folder without any bytecode."""
    copy = folder.with_name(f"{folder.name}-sources")
    return Path(shutil.copytree(folder, copy, ignore=NO_CACHES))


def node_bundle(folder: Path, peers: Path) -> Path:
    """Bundle the Node authorizer into one file, as esbuild is usually told; return it."""
    file = folder / "authorizer.cjs"
    source = peers / "functions" / "authorizer.cjs"
    options = ["--bundle", "--minify", "--platform=node", "--target=node20", "--log-level=error"]
    esbuild = str(peers / "node_modules" / ".bin" / "esbuild")
    subprocess.run([esbuild, str(source), *options, f"--outfile={file}"], check=True)  # noqa: S603  # fixed words
    return file


def pool_file(folder: Path, jwks: Mapping[str, object], issuer: str) -> Path:
    """Write what the peers' functions read of the user pool."""
    file = folder / "pool.json"
    pool = {"user_pool_id": POOL, "client_id": CLIENT, "issuer": issuer, "jwks": jwks}
    file.write_text(json.dumps(pool))
    return file


@contextmanager
def emptied(folder: Path) -> Iterator[Path]:
    """Give a new folder, and remove it afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def new_authority() -> Authority:
    """Return a certificate authority that nobody else knows."""
    return Authority("The authority of the benchmark's issuer")


def _built(folder: Path, function: str, files: Mapping[str, str]) -> Path:
    target = folder / function
    target.mkdir(parents=True)
    Bundle(function, host_target(), files).build(target)
    return compiled(target)
