"""A function's sources -> its bundle without descriptions of AWS services that it never calls.

botocore describes some 400 services, which are nine tenths of its size; a function calls
one or two. Imports no CDK.

A service is called by name, `aws_client("kms", ...)` or `boto3.client("kms")`, or its description
is not there, and the first call of any test through the bundle says so.
"""

import re
from pathlib import Path, PurePosixPath

CLIENT = re.compile(r"""\b(?:aws_client|boto3\.(?:client|resource))\(\s*"([a-z0-9-]+)\"""")
_DATA = (("botocore", "data"), ("boto3", "data"))
_EXAMPLES = ("boto3", "examples")
_EXAMPLE = "examples-1.json"


def services_of(sources: Path) -> frozenset[str]:
    """Return the services that a function makes clients or resources of, under botocore's names."""
    texts = (path.read_text(encoding="utf-8") for path in sources.rglob("*.py"))
    return frozenset(name for text in texts for name in CLIENT.findall(text))


def is_needed(path: PurePosixPath, services: frozenset[str]) -> bool:
    """Return whether a file of the import path is neither about another service nor an example."""
    folder = path.parts[:2]
    if folder not in _DATA:
        return folder != _EXAMPLES
    # Files that stand in the folder itself are about no service: partitions, endpoints, retries.
    is_about_a_service = len(path.parts) > len(folder) + 1
    is_called = not is_about_a_service or path.parts[2] in services
    return is_called and path.name != _EXAMPLE
