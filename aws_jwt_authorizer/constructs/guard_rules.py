"""deployable.guard -> rules that CDK holds every template to at synth, beside its own."""

from functools import cache
from pathlib import Path

import aws_cdk as cdk

RULES = Path(__file__).with_name("deployable.guard")


def add_guard_rules(app: cdk.App) -> None:
    """Make synth fail for a template that breaks a rule."""
    cdk.Validations.of(app).add_plugins(_plugin())


@cache
def _plugin() -> cdk.CloudFormationValidatePlugin:
    """Share one plugin in a process: each starts an engine of 150 MB that is never released."""
    source = cdk.ValidationRuleSource(name=RULES.name, content=RULES.read_text(encoding="utf-8"))
    return cdk.CloudFormationValidatePlugin(guard_rules=[source])
