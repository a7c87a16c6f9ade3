"""How AWS's SDK is used: for how long it tries, and what its clients are to a type checker."""

from typing import Any, Final

from botocore.config import Config

AwsClient = Any
"""A client of boto3, which gives it its methods only when the program runs."""

CALLS: Final = Config(
    connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 4}
)
"""Nobody waits for a rotation: it tries for longer than an answer to a browser may."""
