"""This checkout and a name -> a project of one's own, which knows where it came from."""

from pathlib import Path

from starter.eject import eject
from starter.git import GitRefused, git

UPSTREAM = "upstream"


def new_project(checkout: Path, destination: Path, name: str) -> None:
    """Clone what is committed here, with its history, and take the sample out of the clone.

    The history is what lets git merge a later version of ours. The first commit is left to the
    user.

    Args:
        checkout: Of this repository.
        destination: The folder of the project; it must not exist.
        name: As `context.app_name` takes it.

    Raises:
        GitRefused: The folder is there, or this is not a checkout of git.
    """
    if destination.exists():
        raise GitRefused(f"{destination} is there already: name another folder with DEST=")
    if not (checkout / ".git").exists():
        raise GitRefused(f"{checkout} is not a checkout of git: clone the repository first")
    destination.parent.mkdir(parents=True, exist_ok=True)
    git(checkout, "clone", "--quiet", "--origin", UPSTREAM, str(checkout), str(destination))
    git(destination, "switch", "--quiet", "--no-track", "--force-create", "main")
    # One that was cloned itself hands on where it came from.
    origin = git(checkout, "config", "--get", "remote.origin.url", accepts=(0, 1))
    if origin:
        git(destination, "remote", "set-url", UPSTREAM, origin)
    eject(destination, name)
    git(destination, "add", "--all")
