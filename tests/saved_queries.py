"""The saved queries of the reviewed template, held to the lines that functions really print."""

import json
import re
from typing import Any

from stacks.functions.access_log import FIELDS
from tests.alarms import PREFIX, operations_template

FOLDER = f"{PREFIX.removesuffix('-')}/"
OF_THE_API = (
    *("why-was-it-refused", "refusals-by-reason", "refusals-by-route", "failed-decisions"),
    *("what-a-person-was-refused", "where-a-token-was-used", "what-happened-to-keys"),
    *("cold-starts", "slow-decisions", "server-errors", "who-is-refused"),
)
OF_OTHERS = ("sessions-refused", "token-requests", "key-rotations")

# "Supported logs and discovered fields", CloudWatch Logs user guide.
DISCOVERED = {
    *("@timestamp", "@message", "@logStream", "@log", "@ingestionTime", "@type"),
    *("@requestId", "@duration", "@initDuration", "@billedDuration", "@maxMemoryUsed"),
}
COMMANDS = {"fields", "filter", "stats", "sort", "limit", "parse"}
WORDS = {
    *("and", "or", "not", "in", "as", "by", "asc", "desc", "bin"),
    *("count", "max", "min", "avg", "sum", "pct", "ispresent"),
}
NAME = re.compile(r"(?<![\w@.])[@A-Za-z_][\w@]*")
LITERAL = re.compile(r'"[^"]*"')
EQUALITY = re.compile(r'(@?\w+) = "([^"]*)"')


def queries() -> dict[str, str]:
    """Every saved query's text, by its name in the runbook."""
    every = operations_template()["Resources"].values()
    kept = [item["Properties"] for item in every if item["Type"] == "AWS::Logs::QueryDefinition"]
    return {item["Name"].removeprefix(FOLDER): item["QueryString"] for item in kept}


def access_log_line() -> str:
    """A line of the access log, as API Gateway fills in its format."""
    return json.dumps(FIELDS) + "\n"


def wrong_in(name: str, printed: str) -> list[str]:
    """What a query names that no line holds, in words; nothing if all of it is there."""
    lines: list[dict[str, Any]] = [json.loads(line) for line in printed.splitlines()]
    known = {field for line in lines for field in line} | DISCOVERED
    faults: list[str] = []
    for command in queries()[name].split("\n| "):
        word, _, rest = command.partition(" ")
        if word not in COMMANDS:
            faults.append(f"the command {word}")
        made = set(re.findall(r"\bas (\w+)", rest))
        faults += [f"the field {field}" for field in _names(rest) if field not in known | made]
        faults += [
            f"{field} = {value}"
            for field, value in EQUALITY.findall(rest)
            if not value.isupper() and not any(line.get(field) == value for line in lines)
        ]
        known |= made
    return faults


def _names(text: str) -> list[str]:
    return [name for name in NAME.findall(LITERAL.sub('""', text)) if name not in WORDS]
