"""Bundle -> Lambda code whose asset hash is the hash of what is inside.

A bundle that fails stops synth: CDK must never fall back to Docker.
"""

from pathlib import Path
from typing import Any

import aws_cdk as cdk
import jsii
from aws_cdk import aws_lambda as lambda_

from stacks.bundle import Bundle
from stacks.function_sources import LAMBDA_SRC


def function_code(bundle: Bundle) -> lambda_.Code:
    """The code of one function; it is built when CDK stages the asset.

    Args:
        bundle: What goes inside.
    """
    return lambda_.Code.from_asset(
        str(LAMBDA_SRC / bundle.function),
        asset_hash_type=cdk.AssetHashType.OUTPUT,
        bundling=cdk.BundlingOptions(
            image=cdk.DockerImage.from_registry("docker-is-never-used"),
            local=_LocalBundling(bundle),
        ),
    )


@jsii.implements(cdk.ILocalBundling)
class _LocalBundling:
    """Builds a bundle where CDK asks for it; it raises rather than returning False."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle

    def try_bundle(self, output_dir: str, *_options: Any, **_more_options: Any) -> bool:  # noqa: ANN401  # CDK's own
        self._bundle.build(Path(output_dir))
        return True
