"""Git's command line."""

import subprocess
from pathlib import Path


class GitRefused(Exception):
    """What git said, in one line."""


def git(folder: Path, *arguments: str, accepts: tuple[int, ...] = (0,)) -> str:
    """Run git in a folder and return what it printed.

    Args:
        folder: A checkout.
        arguments: Of git.
        accepts: The exit statuses that are no fault.

    Raises:
        GitRefused: It ended with another status.
    """
    done = subprocess.run(  # noqa: S603  # fixed words, and paths and versions as arguments
        ["git", "-C", str(folder), *arguments],  # noqa: S607  # found by its name
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in accepts:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no reason"]
        raise GitRefused(f"git {arguments[0]}: {said[-1]}")
    return done.stdout.strip()
