"""Properties of AWS::Lambda::Function that are accepted and change no answer here, and why.

A property stands here with its reason, or is read, or stops the start.
"""

from collections.abc import Mapping
from types import MappingProxyType

_NOT_AT_RUN_TIME = "it matters to those who deploy, not to a call"

IGNORED_PROPERTIES: Mapping[str, str] = MappingProxyType(
    {
        "Architectures": "a function runs on this machine's processor",
        "Code.S3Bucket": "the code is the asset on this disk",
        "CodeSigningConfigArn": _NOT_AT_RUN_TIME,
        "DeadLetterConfig": "no function is invoked asynchronously",
        "Description": _NOT_AT_RUN_TIME,
        "FunctionName": "the name is read where it matters: in references to the function",
        "KmsKeyArn": "variables are not encrypted here",
        "LoggingConfig.LogGroup": "lines go to the console",
        "LoggingConfig.SystemLogLevel": "the platform writes no lines of its own here",
        "RecursiveLoop": "no queue or topic calls a function",
        "Role": "no call to AWS leaves this machine",
        "RuntimeManagementConfig": "a function runs on this machine's Python",
        "SnapStart": "each environment starts anew",
        "Tags": _NOT_AT_RUN_TIME,
        "TracingConfig": "nothing is traced",
        "VpcConfig": "calls leave from this machine's own network",
    }
)


def ignored_properties(inside: str = "") -> frozenset[str]:
    """Return the names to accept unread.

    Args:
        inside: The object-valued property whose own properties are meant, or "" for the
            function's.
    """
    prefix = f"{inside}." if inside else ""
    names = (name.removeprefix(prefix) for name in IGNORED_PROPERTIES if name.startswith(prefix))
    return frozenset(name for name in names if "." not in name)
