"""Where a Chromium is on this machine, and how tests start it."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WHERE_FROM = (
    "NO BROWSER: the web page's tests are skipped. Install Chromium (Debian: apt-get install "
    "chromium), or set CHROMIUM to the path of one"
)


def find_chromium() -> str | None:
    """The path of a Chromium: the variable CHROMIUM, else the first of its names on PATH."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    return next((path for name in NAMES if (path := shutil.which(name))), None)
