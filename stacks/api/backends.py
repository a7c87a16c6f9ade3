"""The table's backends -> one function each."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from constructs import Construct

from aws_jwt_authorizer.bundling.target import Target
from stacks.functions.python_function import FunctionSpec, PythonFunction
from stacks.stage.config import StageConfig

MEMORY_MB = 256
TIMEOUT_SECONDS = 10


class Backends(Construct):
    """The functions that answer requests.

    Attributes:
        by_name: Function and log group by backend name.
        functions: Function by backend name.

    Args:
        names: Of the folders with their code.
        folder: Where those folders are.
        specs: Those that need more than their code, by name.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        names: Iterable[str],
        folder: Path,
        specs: Mapping[str, FunctionSpec],
        config: StageConfig,
        target: Target,
    ) -> None:
        super().__init__(scope, construct_id)
        self.by_name = {
            name: PythonFunction(
                self,
                name.title(),
                spec=specs.get(name)
                or FunctionSpec(name, MEMORY_MB, TIMEOUT_SECONDS, folder=folder),
                config=config,
                target=target,
            )
            for name in sorted(set(names))
        }
        self.functions = {name: made.function for name, made in self.by_name.items()}
