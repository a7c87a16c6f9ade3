from pathlib import Path

from tests.coverage.rooms import CHILD_ONLY, FLOORS, Covered, problems

ROOT = Path(__file__).parents[2]
HELD = {room: Covered(100, 100) for room in FLOORS}


def test_a_room_below_its_floor_and_a_room_without_one_are_told() -> None:
    assert list(problems(HELD)) == []
    assert list(problems({**HELD, "local/gateway": Covered(1, 100)})) == [
        f"local/gateway: 1.0 % is below its floor of {FLOORS['local/gateway']} %"
    ]
    assert list(problems({**HELD, "local/new": Covered(1, 1)})) == [
        "local/new: FLOORS and the rooms differ: add it, or take it off"
    ]


def test_what_only_child_interpreters_run_is_there() -> None:
    assert all((ROOT / name).is_file() for name in CHILD_ONLY)
