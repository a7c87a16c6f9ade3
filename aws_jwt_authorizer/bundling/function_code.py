"""Bundle -> Lambda code whose asset hash is the hash of what is inside.

A bundle that fails stops synth: CDK must never fall back to Docker.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import jsii
from aws_cdk import aws_lambda as lambda_

from aws_jwt_authorizer.bundling.bundle import Bundle, BundleFailed


@contextmanager
def function_code(bundle: Bundle) -> Iterator[lambda_.Code]:
    """Provide the code of one function; CDK builds it when a function in the block uses it.

    Args:
        bundle: What goes inside.

    Raises:
        BundleFailed: As the bundle raised it, without CDK's words around it.
    """
    local = _LocalBundling(bundle)
    try:
        yield lambda_.Code.from_asset(
            str(bundle.folder / bundle.function),
            asset_hash_type=cdk.AssetHashType.OUTPUT,
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
        try:
            self._bundle.build(Path(output_dir))
        except BundleFailed as failure:
            self.failure = failure
            raise
        return True
