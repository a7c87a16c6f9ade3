"""routes.json of the bundle -> what the page shows of the access table."""

import json
from pathlib import Path
from typing import Any

from jwt_verifier.errors import SettingsInvalid


def read_routes(file: Path) -> dict[str, Any]:
    """Return the members `issuer_name`, `revokes_sessions` and `routes`, as synth wrote them.

    Raises:
        SettingsInvalid: The file is missing or is not such a document.
    """
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsInvalid(
            f"routes.json: cannot be read ({type(error).__name__}); synthesise it into the bundle"
        ) from None
    if not isinstance(document, dict) or not isinstance(document.get("routes"), list):
        raise SettingsInvalid("routes.json: has no list `routes`; synthesise it into the bundle")
    return {
        "issuer_name": document.get("issuer_name"),
        "revokes_sessions": document.get("revokes_sessions") is True,
        "routes": document["routes"],
    }
