"""The data of the unit tests -> a table of coverage by room, each held to its floor.

`make coverage` makes the data and prints the table. A room is a package of production code. What
only child interpreters run is listed and not counted.
"""

import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from coverage import Coverage

CONFIG = Path(__file__).parent / "everything.toml"
CHILD_ONLY = frozenset({"local/runtime/child.py", "local/runtime/lambda_root.py"})
FLOORS: Mapping[str, int] = {
    "aws_jwt_authorizer": 100,
    "aws_jwt_authorizer/access": 90,
    "aws_jwt_authorizer/authorizers": 0,
    "aws_jwt_authorizer/bundling": 91,
    "aws_jwt_authorizer/constructs": 8,
    "aws_jwt_authorizer/inventory": 99,
    "aws_jwt_authorizer/needs": 98,
    "aws_jwt_authorizer/settings": 99,
    "lambda_src/authorizer": 100,
    "lambda_src/function_kit": 99,
    "lambda_src/jwt_verifier": 99,
    "lambda_src/key_rotation": 52,
    "lambda_src/page": 97,
    "lambda_src/secret_rotation": 49,
    "lambda_src/session": 52,
    "lambda_src/token_claims": 100,
    "lambda_src/token_issuer": 44,
    "local": 33,
    "local/cognito": 36,
    "local/gateway": 53,
    "local/loopback": 73,
    "local/runtime": 27,
    "local/stack": 46,
    "local/template": 80,
    "local/terminal": 58,
    "local/this_app": 60,
    "stacks": 47,
    "stacks/api": 1,
    "stacks/browser": 30,
    "stacks/deployment": 81,
    "stacks/functions": 66,
    "stacks/identity": 2,
    "stacks/issuer": 0,
    "stacks/operations": 0,
    "stacks/pipeline": 0,
    "stacks/stage": 95,
}
"""In percent of lines and branches: what the unit tests were measured to run, rounded down."""


@dataclass(frozen=True, slots=True)
class Covered:
    """How many lines and branches there are, and how many of them have run."""

    run: int = 0
    all: int = 0

    def __add__(self, other: "Covered") -> "Covered":
        return Covered(self.run + other.run, self.all + other.all)

    @property
    def percent(self) -> float:
        return 100 * self.run / self.all if self.all else 100.0


def by_room() -> Mapping[str, Covered]:
    """Each room, without what only child interpreters run."""
    coverage = Coverage(config_file=str(CONFIG))
    coverage.load()
    with tempfile.NamedTemporaryFile("r", suffix=".json") as report:
        coverage.json_report(outfile=report.name)
        files = json.load(report)["files"]
    rooms: dict[str, Covered] = defaultdict(Covered)
    for name, file in files.items():
        if name not in CHILD_ONLY:
            rooms["/".join(name.split("/")[:-1][:2])] += _covered(file["summary"])
    return rooms


def _covered(summary: Mapping[str, int]) -> Covered:
    return Covered(
        summary["covered_lines"] + summary["covered_branches"],
        summary["num_statements"] + summary["num_branches"],
    )


def problems(rooms: Mapping[str, Covered]) -> Iterator[str]:
    """Say which room is below its floor, or has none."""
    for room in sorted(rooms.keys() ^ FLOORS.keys()):
        yield f"{room}: FLOORS and the rooms differ: add it, or take it off"
    for room, floor in FLOORS.items():
        if room in rooms and rooms[room].percent < floor:
            yield f"{room}: {rooms[room].percent:.1f} % is below its floor of {floor} %"


def main() -> int:
    """Print the table; return 1 if a floor is not held."""
    rooms = by_room()
    for room, covered in sorted(rooms.items()):
        floor = FLOORS.get(room, 0)
        print(
            f"{room:32}{covered.all:6} lines and branches {covered.percent:6.1f} %  floor {floor}"
        )
    print("not counted, only child interpreters run it:", ", ".join(sorted(CHILD_ONLY)))
    wrong = list(problems(rooms))
    for problem in wrong:
        print(problem)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
