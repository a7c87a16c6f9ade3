"""A function's sources -> its bundle without descriptions of AWS services that it never calls.

botocore describes some 400 services, which are nine tenths of its size; a function calls
one or two. Imports no CDK.

The rule: a service is called by name, `boto3.client("kms")`, or its description is not there, and
the first call of any test through the bundle says so.
"""

import re
import shutil
from pathlib import Path

CLIENT = re.compile(r"""boto3\.client\(\s*"([a-z0-9-]+)\"""")
DATA = Path("botocore") / "data"


def services_of(sources: Path) -> frozenset[str]:
    """The services that a function makes clients of, under botocore's names."""
    texts = (path.read_text(encoding="utf-8") for path in sources.rglob("*.py"))
    return frozenset(name for text in texts for name in CLIENT.findall(text))


def keep_services(bundle: Path, services: frozenset[str]) -> None:
    """Remove the descriptions of all other services from a bundle that holds botocore."""
    data = bundle / DATA
    if not data.is_dir():
        return
    for folder in data.iterdir():
        # Files are about no service: partitions, endpoints, retries.
        if folder.is_dir() and folder.name not in services:
            shutil.rmtree(folder)
