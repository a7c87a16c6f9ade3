"""The packages of a bundle -> its bill of materials, CycloneDX 1.6 as JSON.

The same bundle gives the same bytes: no clock, and a serial number that the content makes. It asks
for the extra `sbom` (cyclonedx-python-lib).
"""

import json
import uuid
from collections.abc import Collection, Sequence

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from aws_jwt_authorizer.bundling.target import Target
from aws_jwt_authorizer.inventory.packages import Package
from jwt_verifier.version import VERSION

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "aws-jwt-authorizer")


def bundle_sbom(
    function: str, packages: Sequence[Package], direct: Collection[str], target: Target
) -> str:
    """Return the bill of materials of one function's bundle.

    Args:
        function: The name of the function's folder.
        packages: What the bundle holds besides our own sources.
        direct: The names of those that our own sources ask for.
        target: The machine that the bundle is for.
    """
    root = _function(function, target)
    components = {package.name: _component(package) for package in packages}
    bom = Bom(
        components=components.values(),
        serial_number=uuid.uuid5(_NAMESPACE, repr((function, VERSION, target, packages))),
    )
    bom.metadata.component = root
    bom.register_dependency(root, [components[name] for name in sorted(direct)])
    for package in packages:
        needed = [components[name] for name in package.needs]
        bom.register_dependency(components[package.name], needed)
    document = json.loads(JsonV1Dot6(bom).output_as_string())
    del document["metadata"]["timestamp"]  # optional, and it would make each run another document
    return json.dumps(document, indent=2, sort_keys=True) + "\n"


def _function(name: str, target: Target) -> Component:
    return Component(
        name=f"aws-jwt-authorizer/{name}",
        version=VERSION,
        type=ComponentType.APPLICATION,
        bom_ref=f"function:{name}",
        licenses=[LicenseFactory().make_from_string("Apache-2.0")],
        properties=[
            Property(name="python", value=target.python),
            Property(name="architecture", value=target.machine),
        ],
    )


def _component(package: Package) -> Component:
    return Component(
        name=package.name,
        version=package.version,
        type=ComponentType.LIBRARY,
        bom_ref=package.url,
        purl=PackageURL.from_string(package.url),
        licenses=[LicenseFactory().make_from_string(package.licence)],
        hashes=[HashType(alg=HashAlgorithm(package.algorithm), content=package.digest)],
    )
