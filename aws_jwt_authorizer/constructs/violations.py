"""CDK's error, where it stops synth -> what is wrong, where, and what to do."""

import json
import re
from pathlib import Path

from jsii.errors import JavaScriptError

REPORT = re.compile(r"A copy of this report can be found in: (.+)")
FINDING = re.compile(r"\[(.+?)\] (.+)")
TOO_MANY_RESOURCES = re.compile(r"stack '(.+?)': (\d+) is greater than allowed maximum of (\d+)")


def refusal_in_words(error: RuntimeError) -> str | None:
    """Say in one line why CDK makes no templates.

    Args:
        error: What has stopped synth.

    Returns:
        The broken rules with the constructs that break them, or what is too much or wrong; None
        for an error that is not CDK's.
    """
    message = str(error)
    if message.startswith("ValidationFailed"):
        return _violations(message)
    if not isinstance(error.__cause__, JavaScriptError):
        return None
    resources = TOO_MANY_RESOURCES.search(message)
    if resources:
        return (
            f"stacks/access.py: ROUTES: they make {resources[2]} resources of stack "
            f"{resources[1]}, and CloudFormation takes {resources[3]}: let a path parameter such "
            "as {proxy+} stand for several"
        )
    return f"CDK makes no templates: {' '.join(message.split())}"


def _violations(message: str) -> str:
    report = REPORT.search(message)
    if report:
        return "; ".join(_of_report(Path(report[1].strip())))
    return (
        "; ".join(f"{place}: {problem}" for place, problem in FINDING.findall(message)) or message
    )


def _of_report(path: Path) -> list[str]:
    """Return the violations of a validation report: rule, message and construct paths."""
    report = json.loads(path.read_text(encoding="utf-8"))
    found = [item for plugin in report["pluginReports"] for item in plugin["violations"]]
    return [
        f"{item['ruleName']}: {item['description']} ({', '.join(_places(item))})" for item in found
    ]


def _places(violation: dict[str, list[dict[str, str]]]) -> list[str]:
    paths = (item["constructPath"] for item in violation["violatingConstructs"])
    return list(dict.fromkeys(path.removesuffix("/Resource") for path in paths))
