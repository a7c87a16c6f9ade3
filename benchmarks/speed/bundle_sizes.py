"""A bundle for Lambda -> how large it is, zipped and unzipped."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aws_jwt_authorizer.bundling.bundle import Bundle
from aws_jwt_authorizer.bundling.target import deployed_target
from aws_jwt_authorizer.function_sources import LAMBDA_SRC
from benchmarks.speed import builds
from benchmarks.speed.bench import Bench
from benchmarks.speed.question import policy

MB = 1_000_000


def megabytes(
    function: str, folder: Path, sources: Path = LAMBDA_SRC, files: Mapping[str, str] | None = None
) -> tuple[float, float]:
    """Build a function's bundle for Lambda; return its size zipped and unzipped, in MB.

    Args:
        function: its name.
        folder: an empty one, to build it in.
        sources: where its folder is.
        files: further files of the bundle.
    """
    Bundle(function, deployed_target(), files or {}, sources).build(folder)
    found = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in found:
            packed.write(path, path.relative_to(folder))
    return len(archive.getbuffer()) / MB, sum(path.stat().st_size for path in found) / MB


def bundle(bench: Bench) -> dict[str, Any]:
    """Measure the bundles of the functions that the cold parts start."""
    sizes = {}
    for function in ("authorizer", "token_issuer", "session", "page"):
        bench.progress(function)
        files = {"policy.json": policy()} if function == "authorizer" else {}
        with builds.emptied(bench.folder / "bundle") as folder:
            zipped, unzipped = megabytes(function, folder, files=files)
        sizes[function] = {"zipped_mb": round(zipped, 2), "unzipped_mb": round(unzipped, 2)}
    target = deployed_target()
    return {"sizes": sizes, "python": target.python, "machine": target.machine}
