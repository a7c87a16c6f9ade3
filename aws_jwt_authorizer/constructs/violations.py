"""CDK's error, where its validation stops synth -> what is wrong, where, and what to do."""

import json
import re
from pathlib import Path

REPORT = re.compile(r"A copy of this report can be found in: (.+)")
FINDING = re.compile(r"\[(.+?)\] (.+)")


def violations_in_words(error: str) -> str | None:
    """List the broken rules, with the constructs that break them.

    Args:
        error: The message of CDK's error.

    Returns:
        One line, or None for an error that has another cause.
    """
    if not error.startswith("ValidationFailed"):
        return None
    report = REPORT.search(error)
    if report:
        return "; ".join(_of_report(Path(report[1].strip())))
    return "; ".join(f"{place}: {problem}" for place, problem in FINDING.findall(error)) or error


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
