"""AWS::Events::Rule -> the functions that a schedule invokes."""

from local.template.assembly import Assembly
from local.template.intrinsics import Resolver
from local.template.properties import Properties


def read_scheduled(
    assembly: Assembly, resolver: Resolver, function_names: dict[str, str]
) -> tuple[str, ...]:
    """Return the names of the functions that schedules invoke.

    Args:
        assembly: Where rules are looked up.
        resolver: Resolves their properties.
        function_names: Function name by ARN.

    Raises:
        TemplateUnsupported: Such as an event pattern, an input of its own, or another target.
    """
    scheduled = []
    for resource in assembly.resources("AWS::Events::Rule"):
        properties = Properties(resource, resolver)
        properties.text("ScheduleExpression")
        properties.choice("State", ("ENABLED",), "ENABLED")
        for target in properties.parts("Targets"):
            arn = target.text("Arn")
            if arn not in function_names:
                raise target.refused("Arn", f"{arn} is not a function of this app")
            scheduled.append(function_names[arn])
            target.finish(("Id", "RetryPolicy", "DeadLetterConfig"))
        properties.finish(("Description", "Name"))
    return tuple(scheduled)
