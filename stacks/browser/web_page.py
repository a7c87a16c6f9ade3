"""The folder `web` -> the files that the page's function serves. Imports no CDK.

The build is node and the pinned esbuild, without a network; the same sources give the same bytes.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

WEB = Path(__file__).resolve().parents[2] / "web"
LONGEST_REASON_CHARACTERS = 300
BUILD_SECONDS = 60


class PageBuildFailed(Exception):
    """A page that could not be built: the message is one line, meant for a person."""


def page_files(web: Path = WEB) -> dict[str, str]:
    """Build the page.

    Args:
        web: Its sources.

    Returns:
        Text by path below the bundle's root: "static/index.html" and what it refers to.

    Raises:
        PageBuildFailed: node or what it needs is not set up, or the sources are wrong.
    """
    with tempfile.TemporaryDirectory() as folder:
        _build(web, Path(folder))
        built = sorted(path for path in Path(folder).iterdir())
        return {f"static/{path.name}": path.read_text(encoding="utf-8") for path in built}


def _build(web: Path, output: Path) -> None:
    node = shutil.which("node")
    if node is None:
        raise PageBuildFailed("cannot build the web page: node is not on PATH; install Node 20")
    if not (web.parent / "node_modules" / "esbuild").is_dir():
        raise PageBuildFailed(
            "cannot build the web page: node_modules has no esbuild; run `make setup`"
        )
    result = subprocess.run(  # noqa: S603  # our own script, fixed arguments
        [node, str(web / "build.mjs"), str(output)],
        capture_output=True,
        text=True,
        check=False,
        timeout=BUILD_SECONDS,
    )
    if result.returncode != 0:
        reason = " ".join(result.stderr.split())[:LONGEST_REASON_CHARACTERS]
        raise PageBuildFailed(f"cannot build the web page: {reason}")
