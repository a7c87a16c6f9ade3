"""Bundle -> Lambda code whose asset hash stands for all that decides what is inside.

So CDK builds a bundle only if the assembly does not hold it yet.

A bundle that fails stops synth: CDK must never fall back to Docker.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import jsii
from aws_cdk import aws_lambda as lambda_

from aws_jwt_authorizer.bundling.bundle import Bundle, BundleFailed

_MODE = 0o755


@contextmanager
def function_code(bundle: Bundle) -> Iterator[lambda_.Code]:
    """Provide the code of one function; CDK builds it when a function in the block uses it.

    Args:
        bundle: What goes inside.

    Raises:
        BundleFailed: As the bundle raised it, without CDK's words around it.
    """
    bundle.check()
    local, digest = _LocalBundling(bundle), bundle.digest()
    try:
        yield lambda_.Code.from_asset(
            str(bundle.folder / bundle.function),
            asset_hash_type=cdk.AssetHashType.CUSTOM,
            asset_hash=digest,
            bundling=cdk.BundlingOptions(
                image=cdk.DockerImage.from_registry("docker-is-never-used"), local=local
            ),
        )
    except RuntimeError as error:
        raise local.failure or error from None


@jsii.implements(cdk.ILocalBundling)
class _LocalBundling:
    """Builds a bundle where CDK asks for it; it raises rather than returning False."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self.failure: BundleFailed | None = None

    def try_bundle(self, output_dir: str, *_options: Any, **_more_options: Any) -> bool:  # noqa: ANN401  # CDK's own
        output = Path(output_dir)
        # CDK takes a folder of this name for a whole bundle the next time: it is there once it is.
        output.rmdir()
        building = Path(tempfile.mkdtemp(dir=output.parent, prefix=".bundling-"))
        try:
            self._bundle.build(building)
            building.chmod(_MODE)
            building.rename(output)
        except BundleFailed as failure:
            self.failure = failure
            raise
        finally:
            shutil.rmtree(building, ignore_errors=True)
            output.mkdir(exist_ok=True)
        return True
