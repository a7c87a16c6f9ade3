"""Every reason why the local stack refuses to start: one line for the user, never a traceback."""

from collections.abc import Sequence


class LocalError(Exception):
    """The local stack cannot go on; the message is one line that names the fix."""


class SynthFailed(LocalError):
    """The CDK app did not give a cloud assembly."""


class TemplateUnsupported(LocalError):
    """The template holds something that the local stack does not model.

    Args:
        place: Stack and logical id of the resource, `ApiStack.ThingsRoute`.
        property_name: The property, dotted if nested, or "" for the whole resource.
        problem: What is wrong with its value and what is modelled.
    """

    def __init__(self, place: str, property_name: str, problem: str) -> None:
        self.place = place
        self.property_name = property_name
        where = f"{place}, property {property_name}" if property_name else place
        super().__init__(f"{where}: {problem}")


class AssemblyUnsupported(LocalError):
    """An assembly holds things that the local stack does not model; each is named, a line each.

    Args:
        problems: What is wrong, one line each.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        count = "one thing" if len(problems) == 1 else f"{len(problems)} things"
        lines = "".join(f"\n  {problem}" for problem in problems)
        super().__init__(f"{count} in this assembly cannot be served:{lines}")


class StartFailed(LocalError):
    """A part of the local stack (port, function, issuer) did not come up."""


class DemoFailed(LocalError):
    """The demo could not ask its questions, so it has no table to judge."""
