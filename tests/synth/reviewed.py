"""Template -> nothing, or a failure that shows what has changed since it was reviewed."""

import json
import os
import re
from pathlib import Path
from typing import Any

ASSET_HASH = re.compile(r"\b[0-9a-f]{64}\b")
VERSION_HASH = re.compile(r"(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}\b")
FIX = "if you want it so: make snapshot, then read what git diff says of the snapshots"


def hold_to_snapshot(template: dict[str, Any], snapshot: Path) -> None:
    """Fail if a template is not the one that was reviewed; `make snapshot` writes it anew."""
    text = normalised(template)
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        snapshot.write_text(text, encoding="utf-8")
    reviewed = snapshot.read_text(encoding="utf-8") if snapshot.is_file() else ""
    assert text == reviewed, f"{snapshot.name}: {FIX}"


def normalised(template: dict[str, Any]) -> str:
    """The template without hashes of assets and versions, which follow every change of a source."""
    text = ASSET_HASH.sub("<asset hash>", json.dumps(template, indent=2))
    return VERSION_HASH.sub(r"\1<hash>", text) + "\n"
