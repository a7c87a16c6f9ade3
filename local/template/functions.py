"""AWS::Lambda::* -> FunctionConfig.

The rule: code is found through the asset manifest; a function without local code is refused.
"""

from local.template.assembly import Assembly, Resource
from local.template.identifiers import REF, identifier
from local.template.intrinsics import Resolver
from local.template.local_app import FunctionConfig
from local.template.properties import Properties

_WITHOUT_EFFECT = (
    "Architectures",
    "DeadLetterConfig",
    "Description",
    "FunctionName",
    "ReservedConcurrentExecutions",
    "Role",
    "RuntimeManagementConfig",
    "Tags",
    "TracingConfig",
)


def read_functions(assembly: Assembly, resolver: Resolver) -> tuple[FunctionConfig, ...]:
    """Every Lambda function of the assembly.

    Raises:
        TemplateUnsupported: A function has no Python code here, or a property is not modelled.
    """
    return tuple(
        _function(assembly, resolver, resource)
        for resource in assembly.resources("AWS::Lambda::Function")
    )


def _function(assembly: Assembly, resolver: Resolver, resource: Resource) -> FunctionConfig:
    properties = Properties(resource, resolver)
    stack = assembly.stacks[resource.stack_name]
    code = properties.part("Code")
    if code is None:
        raise properties.refused("Code", "it is missing")
    code.value("S3Bucket")
    key = code.text("S3Key")
    code.finish()
    if key not in assembly.asset_folders:
        raise properties.refused("Code.S3Key", f"{key} is no asset of this cloud assembly")
    runtime = properties.text("Runtime")
    if not runtime.startswith("python"):
        raise properties.refused("Runtime", f"{runtime} is not modelled; use a Python runtime")
    environment = properties.part("Environment")
    log_format, log_level = _logging(properties)
    function = FunctionConfig(
        name=identifier(resource, stack, REF),
        arn=identifier(resource, stack, "Arn"),
        handler=properties.text("Handler"),
        runtime=runtime,
        code_folder=assembly.asset_folders[key],
        environment=environment.text_by_name("Variables") if environment else {},
        memory_mb=int(properties.number("MemorySize", 128)),
        timeout_seconds=properties.number("Timeout", 3),
        log_format=log_format,
        log_level=log_level,
    )
    properties.finish(_WITHOUT_EFFECT)
    return function


def _logging(properties: Properties) -> tuple[str, str]:
    part = properties.part("LoggingConfig")
    if part is None:
        return "Text", ""
    settings = (
        part.choice("LogFormat", ("JSON", "Text"), "Text"),
        part.text("ApplicationLogLevel", ""),
    )
    part.finish(("LogGroup", "SystemLogLevel"))
    return settings
