"""AWS::Lambda::* -> FunctionConfig.

Code is found through the asset manifest; a function without local code is refused.
"""

from collections.abc import Iterable, Iterator

from local.template.assembly import Assembly, Resource
from local.template.identifiers import REF, identifier
from local.template.intrinsics import Resolver
from local.template.lambda_ignored_properties import ignored_properties
from local.template.local_app import FunctionConfig
from local.template.properties import Properties
from local.template.variables import read_variables

_LEAST_TMP_MB, _MOST_TMP_MB = 512, 10_240


def read_functions(assembly: Assembly, resolver: Resolver) -> tuple[FunctionConfig, ...]:
    """Read every Lambda function of the assembly.

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
    key = code.text("S3Key")
    code.finish(ignored_properties("Code"))
    if key not in assembly.asset_folders:
        raise properties.refused("Code.S3Key", f"{key} is not an asset of this cloud assembly")
    runtime = properties.text("Runtime")
    if not runtime.startswith("python"):
        raise properties.refused("Runtime", f"{runtime} is not modelled; use a Python runtime")
    log_format, log_level = _logging(properties)
    function = FunctionConfig(
        name=identifier(resource, stack, REF),
        arn=identifier(resource, stack, "Arn"),
        handler=properties.text("Handler"),
        runtime=runtime,
        code_folder=assembly.asset_folders[key],
        environment=read_variables(properties),
        memory_mb=int(properties.number("MemorySize", 128)),
        timeout_seconds=properties.number("Timeout", 3),
        log_format=log_format,
        log_level=log_level,
        reserved_concurrency=_reserved_concurrency(properties),
        tmp_mb=_tmp_mb(properties),
        layers=properties.texts("Layers"),
    )
    properties.finish(ignored_properties())
    return function


def missing_layers(functions: Iterable[FunctionConfig]) -> Iterator[str]:
    """Say of each function with layers that it runs without them, in one line."""
    for function in functions:
        if function.layers:
            yield (
                f"function {function.label} runs without its layers, whose code is on AWS alone: "
                f"{', '.join(function.layers)}"
            )


def _reserved_concurrency(properties: Properties) -> int | None:
    if "ReservedConcurrentExecutions" not in properties.names():
        return None
    return int(properties.number("ReservedConcurrentExecutions"))


def _tmp_mb(properties: Properties) -> int:
    part = properties.part("EphemeralStorage")
    if part is None:
        return _LEAST_TMP_MB
    size_mb = int(part.number("Size"))
    part.finish()
    if not _LEAST_TMP_MB <= size_mb <= _MOST_TMP_MB:
        raise part.refused("Size", f"Lambda takes {_LEAST_TMP_MB} to {_MOST_TMP_MB}, not {size_mb}")
    return size_mb


def _logging(properties: Properties) -> tuple[str, str]:
    part = properties.part("LoggingConfig")
    if part is None:
        return "Text", ""
    settings = (
        part.choice("LogFormat", ("JSON", "Text"), "Text"),
        part.text("ApplicationLogLevel", ""),
    )
    part.finish(ignored_properties("LoggingConfig"))
    return settings
