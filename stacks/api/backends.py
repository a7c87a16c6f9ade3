"""The table's backends -> one function each, with what its `needs.py` says."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from constructs import Construct

from aws_jwt_authorizer.bundling.target import Target
from aws_jwt_authorizer.needs.declared_needs import declared_needs
from aws_jwt_authorizer.needs.needs import Needs
from stacks.api.backend_role import give_needs
from stacks.api.backend_tables import BackendTables
from stacks.functions.python_function import FunctionSpec, PythonFunction
from stacks.stage.config import StageConfig


class Backends(Construct):
    """The functions that answer requests.

    Attributes:
        by_name: Function and log group by backend name.
        functions: Function by backend name.

    Args:
        names: Of the folders with their code.
        folder: Where those folders are.
        specs: Those that are not the user's own, by name.

    Raises:
        NeedsInvalid: What one of them says that it needs cannot be used.
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
        wanted = frozenset(names)
        stages = frozenset(self.node.try_get_context("stages") or ())
        needs = declared_needs(folder, wanted - specs.keys(), config.stage, stages)
        tables = BackendTables(self, "Data", every_need=needs.values(), config=config)
        ours = {
            name: _spec(name, folder, each, tables.variables(each)) for name, each in needs.items()
        }
        self.by_name = {
            name: PythonFunction(
                self,
                name.title(),
                spec={**specs, **ours}[name],
                config=config,
                target=target,
            )
            for name in sorted(wanted)
        }
        self.functions = {name: made.function for name, made in self.by_name.items()}
        for name, each in needs.items():
            tables.grant(self.functions[name], each)
            give_needs(self.functions[name], each)


def _spec(name: str, folder: Path, needs: Needs, told: Mapping[str, str]) -> FunctionSpec:
    return FunctionSpec(
        name,
        needs.memory_mb,
        needs.timeout_seconds,
        environment={**needs.environment, **told},
        folder=folder,
    )
