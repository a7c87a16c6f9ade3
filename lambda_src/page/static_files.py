"""The bundle's `static` folder -> the files that may be asked for, by name.

A name is looked up among those that were there at the start, and never made into a path,
so no trick with dots, slashes or percent signs reaches another file.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from jwt_verifier.errors import SettingsInvalid

INDEX: Final = "index.html"
_CONTENT_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
}
_HASHED: Final = re.compile(r"[a-z-]+-[A-Z0-9]{8}\.[a-z]+")


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file: its text, its media type, and whether its name changes when its text does."""

    text: str
    content_type: str
    is_hashed: bool


def read_static_files(folder: Path) -> Mapping[str, StaticFile]:
    """Read all files of a folder, by name.

    Raises:
        SettingsInvalid: There is no index.html, or a file of a kind that is not served.
    """
    files = {path.name: _static_file(path) for path in sorted(folder.glob("*"))}
    if INDEX not in files:
        raise SettingsInvalid(f"static/{INDEX}: missing; build the page into the bundle")
    return files


def etag(text: str, policy: str) -> str:
    """Return a strong validator (RFC 9110 section 8.8.3) of a text and of the policy it comes with.

    A browser that keeps a page by a 304 keeps the page's old policy, so another policy must make
    another tag.
    """
    digest = sha256(b"\n".join((policy.encode(), text.encode()))).hexdigest()
    return f'"{digest[:32]}"'


def _static_file(path: Path) -> StaticFile:
    content_type = _CONTENT_TYPES.get(path.suffix)
    if content_type is None or not path.is_file():
        raise SettingsInvalid(
            f"static/{path.name}: not served; only files of {', '.join(sorted(_CONTENT_TYPES))} are"
        )
    is_hashed = _HASHED.fullmatch(path.name) is not None
    return StaticFile(path.read_text(encoding="utf-8"), content_type, is_hashed)
