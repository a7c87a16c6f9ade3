"""Verdicts -> the table and the page that compare ours with its peers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.attacks.case import Case
from tests.attacks.corpus.everything import HOSTILE

TEMPLATE: Final = Path(__file__).parent / "comparison.template.md"
OURS: Final = "ours"
GOOD: Final = "good tokens"
EXAMPLES: Final = 3


@dataclass(frozen=True)
class Judged:
    """What one verifier made of all cases: verdicts in their order, and its time for a good one."""

    name: str
    version: str
    verdicts: list[str]
    seconds: float


def table(cases: list[tuple[str, Case]], judged: list[Judged]) -> str:
    """Return the table: holes by class, strays, false refusals, time."""
    names = [name for name, _case in cases]
    lines = [
        "| class of tokens | how many | " + " | ".join(_title(who) for who in judged) + " |",
        "| --- | ---: |" + " ---: |" * len(judged),
    ]
    sizes = Counter(names)
    for name in HOSTILE:
        cells = [str(_count(names, who, name, "accepted")) for who in judged]
        lines.append(f"| {name} | {sizes[name]} | {' | '.join(cells)} |")
    lines += [
        _row("**holes: hostile tokens accepted**", [len(holes(cases, who)) for who in judged]),
        _row("errors that are not the library's own", [strays(cases, who) for who in judged]),
        f"| {GOOD} | {sizes[GOOD]} |" + " |" * len(judged),
        _row("**false refusals**", [len(false_refusals(cases, who)) for who in judged]),
        _row(
            "time of a verification, RS256, warm",
            [f"{who.seconds / judged[0].seconds:.1f}" for who in judged],
        ),
    ]
    return "\n".join(lines)


def _row(title: str, cells: Sequence[object]) -> str:
    return f"| {title} | | {' | '.join(map(str, cells))} |"


def _title(who: Judged) -> str:
    return who.name if who.name == OURS else f"{who.name} {who.version}"


def _count(names: list[str], who: Judged, name: str, verdict: str) -> int:
    pairs = zip(names, who.verdicts, strict=True)
    return sum(of == name and found == verdict for of, found in pairs)


def holes(cases: list[tuple[str, Case]], who: Judged) -> list[Case]:
    """Return the hostile tokens that were accepted."""
    pairs = zip(cases, who.verdicts, strict=True)
    return [case for (name, case), found in pairs if name != GOOD and found == "accepted"]


def false_refusals(cases: list[tuple[str, Case]], who: Judged) -> list[Case]:
    """Return the good tokens that were not accepted."""
    pairs = zip(cases, who.verdicts, strict=True)
    return [case for (name, case), found in pairs if name == GOOD and found != "accepted"]


def strays(cases: list[tuple[str, Case]], who: Judged) -> int:
    """Return how many hostile tokens raise an error that is not the verifier's own."""
    pairs = zip(cases, who.verdicts, strict=True)
    return sum(
        name != GOOD and found not in ("accepted", "refused") for (name, _case), found in pairs
    )


def by_row(found: list[Case]) -> str:
    """Return which rows of the threat list the cases are of, with an example of each."""
    rows: dict[str, list[Case]] = {}
    for case in found:
        rows.setdefault(case.threat, []).append(case)
    lines = (
        f"- {row}, {len(of)}: {_examples(of)}"
        for row, of in sorted(rows.items(), key=lambda item: (item[0][0], int(item[0][1:])))
    )
    return "\n".join(lines) or "- none"


def _examples(cases: list[Case]) -> str:
    names = [case.name for case in cases]
    return "; ".join([*names[:EXAMPLES], *(["..."] if len(names) > EXAMPLES else [])])


def report(cases: list[tuple[str, Case]], judged: list[Judged], measured: str) -> str:
    """Return the page.

    Args:
        cases: All tokens, each with its class.
        judged: What each verifier made of them, ours first.
        measured: When, on what and with which versions.
    """
    details = "\n\n".join(
        f"### {_title(who)}\n\nHoles:\n\n{by_row(holes(cases, who))}\n\n"
        f"False refusals:\n\n{by_row(false_refusals(cases, who))}"
        for who in judged[1:]
    )
    words = TEMPLATE.read_text().replace("MEASURED", measured)
    return words.replace("TABLE", table(cases, judged)).replace("DETAILS", details)
