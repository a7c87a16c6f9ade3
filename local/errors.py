"""Every reason why the local stack refuses to start: one line for the user, never a traceback."""


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
        where = f"{place}, property {property_name}" if property_name else place
        super().__init__(f"{where}: {problem}")


class StartFailed(LocalError):
    """A part of the local stack (port, function, issuer) did not come up."""


class DemoFailed(LocalError):
    """The demo could not ask its questions, so it has no table to judge."""
