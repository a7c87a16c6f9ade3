"""What knows this app stands in one room: no other file of `local` has a name of it."""

import re
from pathlib import Path

import pytest

import local

HOUSE = Path(local.__file__).parent
ROOM = HOUSE / "this_app"
NAMES = re.compile(
    r"""
    # routes, backends, scopes and groups of the sample
    \borders\b | \binventory\b | \bwhoami\b | \btenants?\b | \bbuyers?\b | \badmins\b
    | "support" | /app\b | \bpartner
    # its people, issuers and hosts
    | \bacme\b | \bglobex\b | "machines" | demo-machine | \.example\b
    # its functions, what they are told, and how it is synthesised
    | \bkey_rotation\b | \btoken_issuer\b | \bclient_admin\b | IssuerReady
    | \bISSUERS\b | \bPOLICY_FILE\b | \bCLIENTS_TABLE\b | \bCOOKIE_ORIGINS\b
    | \bstacks/ | \bapp\.py\b | \bbundle_for\b
    """,
    re.VERBOSE,
)


def files_of_other_rooms() -> list[Path]:
    return sorted(path for path in HOUSE.rglob("*.py") if ROOM not in path.parents)


@pytest.mark.parametrize("path", files_of_other_rooms(), ids=lambda p: str(p.relative_to(HOUSE)))
def test_no_other_room_names_this_app(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = {
        f"line {text.count(chr(10), 0, match.start()) + 1}: {match[0]}"
        for match in NAMES.finditer(text)
    }
    assert found == set()


def test_this_apps_own_room_has_such_names() -> None:
    """Else the search finds nothing because it is looking for the wrong things."""
    found = {
        match[0].lower()
        for path in ROOM.rglob("*.py")
        for match in NAMES.finditer(path.read_text(encoding="utf-8"))
    }
    assert len(found) >= 10
