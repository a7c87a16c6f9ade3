"""`python -m starter`: what `make new` and `make upgrade` run.

Bad input is answered with one line and exit status 1.
"""

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from stacks.stage.app_name import app_name
from stacks.stage.config_fields import ConfigInvalid
from starter.eject import ReviewFailed, review
from starter.git import GitRefused, git
from starter.new_project import UPSTREAM, new_project
from starter.upgrade import upgrade

ROOT = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str]) -> int:
    """Run one command and return the process's exit status."""
    parser = argparse.ArgumentParser(prog="python -m starter", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    new = commands.add_parser("new", help="a project of your own, without the sample")
    new.add_argument("name", help="what names of its resources begin with")
    new.add_argument("--into", type=Path, metavar="FOLDER", help="../NAME without")
    merge = commands.add_parser("upgrade", help="merge a later version into such a project")
    merge.add_argument("version", nargs="?", default=f"{UPSTREAM}/main")
    options = parser.parse_args(arguments)
    try:
        if options.command == "new":
            return _new(options.name, options.into)
        return _upgrade(options.version)
    except (ConfigInvalid, GitRefused, ReviewFailed) as error:
        sys.stderr.write(f"{options.command}: {error}\n")
        return 1


def _new(name: str, into: Path | None) -> int:
    app_name({"app_name": name})
    project = (into or ROOT.parent / name).resolve()
    new_project(ROOT, project, name)
    # Fetched once, and the same for both.
    shutil.copytree(ROOT / ".wheels", project / ".wheels")
    lent = project / "node_modules"
    lent.symlink_to(ROOT / "node_modules")
    try:
        review(project)
    finally:
        lent.unlink()
    git(project, "add", "--all")
    print(
        f"{project} is {name}, without the sample. Next:\n"
        f"  cd {project}\n"
        f"  git commit -m {name}            what was made is staged\n"
        "  make test-mine           set it up, and run what your edits must pass\n"
        "  make demo                call every route as people who may and may not\n"
        "  $EDITOR stacks/access.py    who may call what"
    )
    return 0


def _upgrade(version: str) -> int:
    if version.startswith(f"{UPSTREAM}/"):
        git(ROOT, "fetch", "--quiet", UPSTREAM)
    unresolved = upgrade(ROOT, version)
    for path in unresolved:
        print(f"{path}: both sides have changed the same lines; resolve it, then git add it")
    print("Then: make snapshot accept-replacements test-mine, read git diff HEAD, and git commit")
    return 1 if unresolved else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
