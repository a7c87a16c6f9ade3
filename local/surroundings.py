"""Where this process runs: the checkout, and the environment less what is for other programs.

The local stack has accounts, regions and endpoints of its own: what somebody has told AWS's SDK or
moto for other work must neither change nor stop it, and nobody's credentials are ever read.
"""

import os
from collections.abc import MutableMapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The checkout that this package stands in."""

_PREFIXES = ("AWS_", "MOTO_")
_OTHER_NAMES_OF_MOTO = (
    "DEFAULT_CONTAINER_REGISTRY",
    "INITIAL_NO_AUTH_ACTION_COUNT",
    "S3_IGNORE_SUBDOMAIN_BUCKETNAME",
    "S3_UPLOAD_PART_MIN_SIZE",
    "SF_EXECUTION_HISTORY_TYPE",
    "TEST_PROXY_MODE",
    "TEST_SERVER_MODE",
)
NO_AWS_FILES = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
"""What keeps AWS's SDK from the files in this user's home."""


def forget_other_settings(environment: MutableMapping[str, str]) -> None:
    """Drop what AWS's SDK and moto would read. moto reads a part of it when it is imported."""
    for name in [*environment]:
        if name.startswith(_PREFIXES) or name in _OTHER_NAMES_OF_MOTO:
            del environment[name]
    environment.update(NO_AWS_FILES)
