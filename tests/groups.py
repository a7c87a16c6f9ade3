"""Which tests run one after another in the same process, and which groups begin first.

A folder whose tests share what is started once is a group; of all others each file is one. Long
groups begin first, so that both processes end at about the same time.
"""

from functools import cache
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

HERE = Path(__file__).parent
SHARING = (
    "browser",
    "browser/cookies_only",
    "e2e",
    "e2e/gateway",
    "e2e/revocation",
    "synth",
    "integration/token_issuer",
    "integration/cognito",
    "integration/session",
    "property",
    "attacks",
    "integration/distribution",
    "your_app",
)
"""Folders whose tests share what is started once, the longest first."""

ALONE = (
    "e2e/test_commands.py",
    "e2e/test_demo.py",
    "e2e/test_stages.py",
    "synth/test_odd_configurations.py",
    "synth/test_deployment_tools.py",
)
"""Files of those folders that take long and share nothing of it."""


@cache
def group_of(test: Path) -> str:
    """The folder or file whose tests run in one process, relative to this folder."""
    file = test.relative_to(HERE)
    folder = file.parent.as_posix()
    return folder if folder in SHARING and file.as_posix() not in ALONE else file.as_posix()


def rank_of(group: str) -> int:
    """Groups begin by their rank, and those of one rank as they were collected."""
    first = (*ALONE, *SHARING)
    return first.index(group) if group in first else len(first)


class ByGroup(LoadScopeScheduling):  # type: ignore[misc]  # it says nothing about its types
    """Hands a process one group after another.

    The plugin's own `--dist loadgroup` puts every test into a group of its own: it writes the
    group's name into an attribute that pytest no longer reads.
    """

    def _split_scope(self, nodeid: str) -> str:
        return group_of(HERE.parent / nodeid.partition("::")[0])
