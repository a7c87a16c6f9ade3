"""`Environment` of a function -> its variables, within what Lambda accepts.

Lambda refuses the rest when it is deployed (API reference, "Environment"; developer guide, "Quotas"
and "Defined runtime environment variables").
"""

import json
import re
from collections.abc import Mapping
from typing import Final

from local.template.properties import Properties

MOST_BYTES: Final = 4096
_NAME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9_]+")
RESERVED: Final = frozenset(
    {
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    }
)
"""Names that Lambda sets itself."""


def read_variables(function: Properties) -> Mapping[str, str]:
    """Return the variables of a function; none without `Environment`.

    Raises:
        TemplateUnsupported: A name or the size is one that Lambda does not accept.
    """
    environment = function.part("Environment")
    if environment is None:
        return {}
    variables = environment.text_by_name("Variables")
    environment.finish()
    for name in variables:
        if name in RESERVED:
            raise environment.refused(
                f"Variables.{name}", "Lambda sets it itself; use another name"
            )
        if not _NAME.fullmatch(name):
            raise environment.refused(
                f"Variables.{name}",
                "Lambda takes names of two or more letters, digits and _, a letter first",
            )
    # So Lambda measures them: the error that it gives quotes this text.
    measured = json.dumps(variables, separators=(",", ":"), ensure_ascii=False)
    size_bytes = len(measured.encode())
    if size_bytes > MOST_BYTES:
        raise environment.refused(
            "Variables",
            f"they have {size_bytes} bytes as JSON and Lambda takes {MOST_BYTES}: put what is long "
            "into the bundle or a parameter",
        )
    return variables
