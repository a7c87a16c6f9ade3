"""A function's folder -> what its `needs.py` says that it needs, in a stage. Imports no CDK.

The file is run when an app is synthesised, and is in no bundle. `NEEDS` holds what every stage
needs, `STAGES` what stands in its place in some, by their names.
"""

import runpy
import traceback
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from aws_jwt_authorizer.function_sources import NEEDS_FILE
from aws_jwt_authorizer.needs.needs import Needs, Table
from aws_jwt_authorizer.needs.needs_checks import needs_problems


class NeedsInvalid(Exception):
    """A `needs.py` that cannot be used: the message is one line, with the fix."""


def declared_needs(
    folder: Path, functions: Collection[str], stage: str, stages: Collection[str]
) -> Mapping[str, Needs]:
    """Return what functions need in a stage, by their names.

    Args:
        folder: Where the functions' folders are.
        functions: Their names; one without a `needs.py` needs what `Needs()` says.
        stage: The stage.
        stages: The names that a stage may have.

    Raises:
        NeedsInvalid: One line, which names file, field, value and fix.
    """
    files = {name: folder / name / NEEDS_FILE for name in sorted(functions)}
    needs = {
        name: _of_stage(file, stage, stages) if file.exists() else Needs()
        for name, file in files.items()
    }
    for problem in _unlike_tables(needs, files):
        raise NeedsInvalid(problem)
    return needs


def _of_stage(file: Path, stage: str, stages: Collection[str]) -> Needs:
    said = _run(file)
    if "NEEDS" not in said:
        raise NeedsInvalid(f"{_shown(file)}: it says nothing, write NEEDS = Needs(...)")
    by_stage = said.get("STAGES", {})
    if not isinstance(by_stage, Mapping):
        raise NeedsInvalid(
            f"{_shown(file)}: STAGES is {by_stage!r:.80}, it must be a dictionary: "
            'STAGES = {"prod": replace(NEEDS, memory_mb=1024)}'
        )
    for name in by_stage:
        if name not in stages:
            raise NeedsInvalid(
                f"{_shown(file)}: STAGES has {name!r}, which is not a stage, "
                f"use {', '.join(sorted(stages))}"
            )
    every = {
        "NEEDS": said["NEEDS"],
        **{f"STAGES[{name!r}]": each for name, each in by_stage.items()},
    }
    for place, needs in every.items():
        if not isinstance(needs, Needs):
            raise NeedsInvalid(f"{_shown(file)}: {place} is {needs!r:.80}, it must be Needs(...)")
        for problem in needs_problems(needs):
            raise NeedsInvalid(f"{_shown(file)}: {place}: {problem}")
    chosen: Needs = by_stage.get(stage, said["NEEDS"])
    return chosen


def _run(file: Path) -> Mapping[str, object]:
    try:
        return runpy.run_path(str(file))
    except SyntaxError as error:
        raise NeedsInvalid(f"{_shown(file)}, line {error.lineno}: {error.msg}") from error
    except Exception as error:
        lines = [
            frame.lineno
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename == str(file)
        ]
        place = f"{_shown(file)}, line {lines[-1]}" if lines else _shown(file)
        what = " ".join(f"{type(error).__name__}: {error}".split())
        raise NeedsInvalid(f"{place}: {what}") from error


def _unlike_tables(needs: Mapping[str, Needs], files: Mapping[str, Path]) -> Iterator[str]:
    first: dict[str, tuple[str, Table]] = {}
    for name, each in needs.items():
        for table in each.tables:
            owner, known = first.setdefault(table.name, (name, table))
            if replace(table, actions=known.actions) != known:
                yield (
                    f"{_shown(files[name])}: table {table.name!r} is not as in "
                    f"{_shown(files[owner])}: only its actions may differ"
                )


def _shown(file: Path) -> str:
    return "/".join(file.parts[-3:])
