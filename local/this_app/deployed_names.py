"""A stage's outputs -> what AWS has called what a template only refers to.

The local stack invents a pool's id, clients' ids and addresses. Where a stage was deployed from
here, `.deploy/<stage>.outputs.json` has the real ones: each output of a stack is resolved once as
the local stack does it, and once by AWS.
"""

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path

from local.errors import LocalError, TemplateUnsupported
from local.surroundings import ROOT
from local.template.assembly import Resource, read_assembly
from local.template.intrinsics import Resolver

DEPLOYED_FOLDER = ROOT / ".deploy"
"""Where `make deploy` keeps outputs."""


def deployed_names(stage: str, assembly_folder: Path, folder: Path) -> Mapping[str, str] | None:
    """Return the real name of each that was invented; None for a stage not deployed from here.

    Args:
        stage: Whose outputs.
        assembly_folder: What synth wrote for it.
        folder: Where outputs are kept.

    Raises:
        LocalError: The outputs cannot be read.
    """
    path = folder / f"{stage}.outputs.json"
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise LocalError(f"{path} cannot be read: {error}; make deploy writes it anew") from error
    assembly = read_assembly(assembly_folder)
    resolver = Resolver(assembly)
    names: dict[str, str] = {}
    for stack in assembly.stacks.values():
        given = kept.get(stack.name, {})
        for name in stack.outputs.keys() & given.keys():
            place = Resource(stack.name, name, "", {})
            # What the local stack does not model has no invented name.
            with contextlib.suppress(TemplateUnsupported):
                invented = str(resolver.resolve(place, "Value", stack.outputs[name].value))
                names[invented] = str(given[name])
    return {**names, **_regions(names)}


def _regions(names: Mapping[str, str]) -> dict[str, str]:
    """Return the region in which a pool really is by the one that was invented: its id has it."""
    pools = [(old, new) for old, new in names.items() if _is_pool(old) and _is_pool(new)]
    return {f".{old.partition('_')[0]}.": f".{new.partition('_')[0]}." for old, new in pools}


def _is_pool(name: str) -> bool:
    region, underscore, code = name.partition("_")
    return bool(underscore) and region.count("-") >= 2 and code.isalnum()  # noqa: PLR2004  # eu-west-1
