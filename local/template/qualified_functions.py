"""AWS::Lambda::Version and AWS::Lambda::Alias -> the function that each stands for.

A template deploys one state of each function, and so every version and alias of it is that state.
"""

from collections.abc import Iterable, Mapping

from local.template.assembly import Assembly
from local.template.identifiers import REF, identifier
from local.template.intrinsics import Resolver
from local.template.local_app import FunctionConfig
from local.template.properties import Properties

_WITHOUT_EFFECT = (
    *("CodeSha256", "Description", "FunctionVersion", "Name"),
    *("ProvisionedConcurrencyConfig", "RuntimePolicy"),
)


def read_function_names(
    assembly: Assembly, resolver: Resolver, functions: Iterable[FunctionConfig]
) -> dict[str, str]:
    """Return a function's name by each ARN that it can be invoked by.

    Args:
        assembly: Where versions and aliases are looked up.
        resolver: Resolves their properties.
        functions: The app's.

    Raises:
        TemplateUnsupported: Such as an alias that shares calls out between two versions.
    """
    names = {function.arn: function.name for function in functions}
    known = {**names, **{name: name for name in names.values()}}
    qualified: dict[str, str] = {}
    for kind in ("AWS::Lambda::Version", "AWS::Lambda::Alias"):
        for resource in assembly.resources(kind):
            properties = Properties(resource, resolver)
            if "RoutingConfig" in properties.names():
                raise properties.refused("RoutingConfig", "sharing calls out is not modelled")
            function = properties.text("FunctionName")
            if function not in known:
                raise properties.refused(
                    "FunctionName", f"{function} is not a function of this app"
                )
            properties.finish(_WITHOUT_EFFECT)
            stack = assembly.stacks[resource.stack_name]
            qualified[identifier(resource, stack, REF)] = known[function]
    return names | qualified


def qualifier_of(arn: str, function_names: Mapping[str, str]) -> str:
    """Return the version or alias that an ARN ends in; "" for the function itself."""
    return arn.rpartition(f":function:{function_names[arn]}")[2].removeprefix(":")
