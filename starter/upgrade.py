"""A project of one's own and a version of ours -> the two merged, with what is the user's kept."""

import shutil
from pathlib import Path

from starter.eject import SAMPLE, YOURS
from starter.git import GitRefused, git


def upgrade(project: Path, version: str) -> list[str]:
    """Merge a version of ours and leave the commit to the user.

    Everything of `YOURS` stays as it is, and nothing of the sample comes back. Other files are
    merged as git does it.

    Args:
        project: Its checkout, with all committed.
        version: A branch, tag or commit, "upstream/main".

    Returns:
        The files in which both sides have changed the same lines, for the user to resolve.

    Raises:
        GitRefused: Something is not committed, or there is no such version.
    """
    if git(project, "status", "--porcelain", "--untracked-files=no"):
        raise GitRefused("commit your changes first: git commit --all")
    known = f"{version}^{{commit}}"
    if not git(project, "rev-parse", "--verify", "--quiet", known, accepts=(0, 1)):
        raise GitRefused(f"there is no version {version}: git branch --all and git tag list them")
    git(project, "merge", "--no-commit", "--no-ff", version, accepts=(0, 1))
    for path in (*YOURS, *SAMPLE):
        _keep(project, path)
    return git(project, "diff", "--name-only", "--diff-filter=U").splitlines()


def _keep(project: Path, path: str) -> None:
    """Leave a file or folder as the project had it before: with a sample that is gone, gone."""
    git(project, "rm", "-r", "--quiet", "--cached", "--ignore-unmatch", "--", path)
    if (project / path).is_dir():
        shutil.rmtree(project / path)
    (project / path).unlink(missing_ok=True)
    if git(project, "ls-tree", "HEAD", "--", path):
        git(project, "checkout", "--quiet", "HEAD", "--", path)
