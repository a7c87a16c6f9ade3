"""Assembly of an app that is not ours -> LocalApp, or all that cannot be served, in one answer.

A reader stops at the first thing that is not modelled. Here what it stopped at is noted and taken
out, and with a whole resource whatever refers to it, for that would be refused for its sake alone;
then the rest is read, until nothing more is refused.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from local.errors import AssemblyUnsupported, LocalError, TemplateUnsupported
from local.template.assembly import Assembly, Resource, read_assembly
from local.template.local_app import LocalApp
from local.template.read import app_of

_STAND_INS = {"Runtime": "python3.13"}
"""What a property is read as once it is refused that cannot be left out, so that more is read."""


def read_foreign_app(folder: Path) -> LocalApp:
    """Read what a cloud assembly would deploy.

    Args:
        folder: What synth wrote.

    Raises:
        AssemblyUnsupported: It names everything that cannot be served.
        LocalError: The folder holds no assembly.
    """
    if not (folder / "manifest.json").is_file():
        raise LocalError(
            f"{folder} holds no cloud assembly: name the folder that cdk synth has written, cdk.out"
        )
    assembly = read_assembly(folder)
    problems: dict[tuple[str, str], str] = {}
    while True:
        try:
            app = app_of(assembly)
        except TemplateUnsupported as refused:
            at = (refused.place, _top_level(refused))
            # A property that was taken out may be missed: that is no second problem.
            if at not in problems:
                problems[at] = str(refused)
            smaller = _without(assembly, refused)
            if smaller is None:
                raise AssemblyUnsupported(list(problems.values())) from None
            assembly = smaller
        except LocalError as error:
            # What was taken out is missing now.
            raise AssemblyUnsupported(list(problems.values()) or [str(error)]) from None
        else:
            if problems:
                raise AssemblyUnsupported(list(problems.values()))
            return app


def _without(assembly: Assembly, refused: TemplateUnsupported) -> Assembly | None:
    """Return the assembly without what was refused; None if it names nothing that is there."""
    found = _at(assembly, refused.place)
    if found is None:
        return None
    name = _top_level(refused)
    if name in found.properties:
        rest = {key: value for key, value in found.properties.items() if key != name}
        stand_in = _STAND_INS.get(name)
        if stand_in is not None and found.properties[name] != stand_in:
            rest[name] = stand_in
        return _with(assembly, replace(found, properties=rest))
    if found.condition:
        return _with(assembly, replace(found, condition=""))
    return _without_all(assembly, {found.place})


def _top_level(refused: TemplateUnsupported) -> str:
    """Return the property of the resource itself, of "Code.S3Key" it is "Code"."""
    return refused.property_name.partition(".")[0].partition("[")[0]


def _at(assembly: Assembly, place: str) -> Resource | None:
    return next((item for item in _every(assembly) if item.place == place), None)


def _every(assembly: Assembly) -> Iterator[Resource]:
    for stack in assembly.stacks.values():
        yield from stack.resources.values()


def _with(assembly: Assembly, changed: Resource) -> Assembly:
    stack = assembly.stacks[changed.stack_name]
    resources = {**stack.resources, changed.logical_id: changed}
    return replace(
        assembly, stacks={**assembly.stacks, stack.name: replace(stack, resources=resources)}
    )


def _without_all(assembly: Assembly, places: set[str]) -> Assembly:
    """Take resources out, and each that refers to one of them within its stack."""
    gone = set(places)
    while True:
        more = {
            item.place
            for item in _every(assembly)
            if item.place not in gone and _refers(item, gone)
        }
        if not more:
            break
        gone |= more
    stacks = {
        name: replace(
            stack,
            resources={
                key: item for key, item in stack.resources.items() if item.place not in gone
            },
        )
        for name, stack in assembly.stacks.items()
    }
    return replace(assembly, stacks=stacks)


def _refers(resource: Resource, gone: set[str]) -> bool:
    written = json.dumps(resource.properties)
    names = (place.partition(".")[2] for place in gone if place.startswith(resource.stack_name))
    return any(_mentions(written, name) for name in names)


def _mentions(written: str, logical_id: str) -> bool:
    """Return whether properties hold a `Ref`, `Fn::GetAtt` or `Fn::Sub` of a logical id."""
    return f'"{logical_id}"' in written or f"${{{logical_id}" in written
