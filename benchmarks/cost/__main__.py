"""`make cost`: what a stage of this app costs a month while nobody calls it.

`--page` writes docs/cost.md anew.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.cost.page import PAGE, render, standing_table
from benchmarks.cost.standing import templates_of


def main(arguments: Sequence[str]) -> None:
    """Print the tables of a stage's assembly, or write the page."""
    try:
        match arguments:
            case ["--page"]:
                PAGE.write_text(render(), encoding="utf-8")
            case [assembly]:
                print(standing_table(templates_of(Path(assembly))))
            case _:
                sys.exit("usage: python -m benchmarks.cost --page | ASSEMBLY")
    except ValueError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
