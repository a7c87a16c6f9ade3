"""What a person asks for: which command, which stage, which app."""

import json
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from stacks.app_sources import AppSources
from stacks.deployment.errors import CommandRefused
from stacks.stage.app_name import app_name
from stacks.stage.config import StageConfig, stage_config

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".deploy"
"""Where the outputs of each stage are kept, unless the command says otherwise."""

LOCAL_OUTPUTS = ROOT / ".local" / "outputs.json"
"""Where `make local` says what it serves, likewise."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command about one stage.

    Attributes:
        stage: A key of `context.stages` in cdk.json.
        app_module: The module that synthesises; its `APP` says where cdk.json is.
        assembly: A folder that was synthesised before; None to synthesise now.
        folder: Where the outputs of each stage are kept.
        sure: Whether it goes ahead without a question.
        only: The one stack that is deployed, by the last word of its name; None for all.
    """

    stage: str
    app_module: str = "app"
    assembly: Path | None = None
    folder: Path = KEPT
    sure: bool = False
    only: str | None = None

    def config(self) -> StageConfig:
        """Return the stage as cdk.json has it.

        Raises:
            ConfigInvalid: The stage cannot be used.
        """
        sources = self.sources()
        context = json.loads(sources.cdk_json.read_text(encoding="utf-8"))["context"]
        return stage_config(self.stage, context["stages"], app_name=app_name(context))

    def sources(self) -> AppSources:
        """Return what the app is made from.

        Raises:
            CommandRefused: The module is not one of an app.
        """
        sources = getattr(import_module(self.app_module), "APP", None)
        if not isinstance(sources, AppSources):
            raise CommandRefused(f"the module {self.app_module} has no APP that says what it is")
        return sources
