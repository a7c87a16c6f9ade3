"""Templates and what the benchmark measured -> docs/cost.md.

The page is its template with figures in it, so that none is written by hand.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any, Final

from benchmarks.cost.prices import GB, MILLION, PRICES, SOURCES
from benchmarks.cost.standing import Charge, snapshots_of, standing
from benchmarks.speed.cost import MEMORY_MB, Measured, gateway, kept_warm, logs, month
from benchmarks.speed.page import RESULTS, measured

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "cost.md"
TEMPLATE: Final = Path(__file__).with_name("cost.template.md")
SNAPSHOTS: Final = ROOT / "tests" / "synth" / "snapshots"
STAGES: Final = ("dev", "prod")
VALUE_CHARACTERS: Final = 16
"""What stands for the value of a variable in the access log's format."""

DAYS_A_MONTH: Final = 30
LIST_AGE_SECONDS: Final = 5
"""How often an environment of the authorizer reads what was taken back, as stages are shipped."""


def render() -> str:
    """Return the page of the stages as they are shipped."""
    parts = json.loads(RESULTS.read_text(encoding="utf-8"))["parts"]
    found = measured(parts)
    stages = {stage: snapshots_of(SNAPSHOTS, stage) for stage in STAGES}
    warm = kept_warm(found.memory_mb)
    figures = {name: f"{price:g}" for name, price in PRICES.items()}
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        figures,
        standing="\n".join(
            f"### {stage}\n\n{standing_table(made)}\n" for stage, made in stages.items()
        ),
        million=million_table(found, stages["prod"]),
        provisioned=f"{warm['provisioned']:.2f}",
        snapstart=f"{warm['snapstart_cached']:.2f}",
        restores=f"{warm['snapstart_million_restores']:.2f}",
        memory_mb=str(MEMORY_MB),
        ten_metrics=f"{10 * PRICES['custom_metric']:.2f}",
        million_machine_tokens=f"{1_000 * PRICES['cognito_thousand_machine_tokens']:,.0f}",
        thousand_users=f"{1_000 * PRICES['cognito_essentials_user']:.2f}",
        thousand_plus_users=f"{1_000 * PRICES['cognito_plus_user']:.2f}",
        ses_thousand_mails=f"{PRICES['ses_thousand_mails']:.2f}",
        list_age_seconds=str(LIST_AGE_SECONDS),
        revocation_environment=f"{_list_read_all_month():.2f}",
        kms_million=f"{_issued():.2f}",
        sources="\n".join(f"- {what}: {whence}." for what, whence in SOURCES.items()),
    )


def standing_table(templates: Iterable[Mapping[str, Any]]) -> str:
    """Return what a stage costs a month, before anybody calls it and at most by being called."""
    counted = sorted(standing(templates).items(), key=lambda item: -item[1] * item[0].each)
    idle = [item for item in counted if item[0].is_idle]
    called = [item for item in counted if not item[0].is_idle]
    rows = [*map(_standing_row, idle), _total_row("while nobody calls it", idle)]
    if called:
        rows += [*map(_standing_row, called), _total_row("at most, while it is called", counted)]
    return _table(["part", "how many", "each $", "a month $"], rows)


def million_table(found: Measured, templates: Sequence[Mapping[str, Any]]) -> str:
    """Return what a million requests to routes of the Lambda authorizer cost."""
    # A month of one request a second, shared out over its requests.
    steady = month(1, 0, found)
    share = MILLION / (DAYS_A_MONTH * 86_400)
    access, kept_months = access_line_bytes(templates), retention_days(templates) / DAYS_A_MONTH
    decision_gb, access_gb = found.line_bytes * MILLION / GB, access * MILLION / GB
    authorizer = [
        ("authorizer: invocations", steady["requests"] * share),
        (
            f"authorizer: {found.billed_ms} ms each of {found.memory_mb} MB",
            steady["compute"] * share,
        ),
        (f"line of a decision, {found.line_bytes:.0f} bytes", logs(decision_gb)),
        ("the same, kept by prod", decision_gb * kept_months * PRICES["log_gb_month"]),
    ]
    other = [
        ("gateway", gateway(MILLION)),
        (f"line of the access log, about {access} bytes", logs(access_gb)),
        ("the same, kept by prod", access_gb * kept_months * PRICES["log_gb_month"]),
    ]
    rows = [[part, f"{cost:.2f}", f"{cost:.2f}"] for part, cost in other]
    rows += [[part, f"{cost:.2f}", f"{cost / 10:.2f}"] for part, cost in authorizer]
    fixed, decided = (sum(cost for _, cost in part) for part in (other, authorizer))
    rows.append(["**all of it**", f"**{fixed + decided:.2f}**", f"**{fixed + decided / 10:.2f}**"])
    return _table(["part", "nothing cached $", "nine of ten cached $"], rows)


def access_line_bytes(templates: Iterable[Mapping[str, Any]]) -> int:
    """Return how long a line of the access log is, with each value at its usual length."""
    [text] = [
        resource["Properties"]["AccessLogSettings"]["Format"]
        for resource in _resources(templates, "AWS::ApiGatewayV2::Stage")
    ]
    return len(re.sub(r"\$context\.[\w.]+", "x" * VALUE_CHARACTERS, text))


def retention_days(templates: Iterable[Mapping[str, Any]]) -> int:
    """Return how long a stage keeps its logs."""
    groups = _resources(templates, "AWS::Logs::LogGroup")
    return max(int(group["Properties"]["RetentionInDays"]) for group in groups)


def _resources(templates: Iterable[Mapping[str, Any]], kind: str) -> list[Mapping[str, Any]]:
    every = (resource for made in templates for resource in made["Resources"].values())
    return [resource for resource in every if resource["Type"] == kind]


def _issued() -> float:
    """Return what a million tokens of the KMS issuer cost, without the function's time."""
    asked = gateway(MILLION) + PRICES["lambda_million_requests"]
    limits = 2 * PRICES["dynamodb_million_writes"]
    return asked + limits + PRICES["dynamodb_million_reads"] + PRICES["kms_million_rsa_2048"]


def _list_read_all_month() -> float:
    """Return what one environment pays that reads a short list whenever it has grown too old."""
    reads = DAYS_A_MONTH * 86_400 / LIST_AGE_SECONDS
    return reads / MILLION * PRICES["dynamodb_million_reads"]


def _standing_row(counted: tuple[Charge, int]) -> list[str]:
    charge, count = counted
    return [charge.part, str(count), f"{charge.each:.2f}", f"{count * charge.each:.2f}"]


def _total_row(words: str, counted: Iterable[tuple[Charge, int]]) -> list[str]:
    total = sum(count * charge.each for charge, count in counted)
    return [f"**{words}**", "", "", f"**{total:.2f}**"]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
