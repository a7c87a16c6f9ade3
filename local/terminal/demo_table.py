"""Calls with their answers -> tables, the reason of each refusal, and the exit status."""

import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from local.template.local_app import RouteConfig
from local.terminal.console import colour, coloured
from local.this_app.commands import TRY_NEXT
from local.this_app.demo.callers import Caller
from local.this_app.demo.calls import Answer
from local.this_app.demo.declared import Verdict

_SLASH_INSIDE = re.compile(r"(?<=[^\n])/")
_UNBROKEN = "\N{NO-BREAK SPACE}"
_REASONS = 26
"""Where the reasons begin, below which a line goes on."""

_EDGES = 2
"""What a table has beside its columns."""

_REFUSED, _FAILED = 400, 500
"""HTTP's own lines between fine, not allowed and broken."""

PUBLIC = "public"
"""The gateway's reason for passing a call of a public route on."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A call of a route by someone, what came of it, and what is declared, None for nothing.

    Args:
        caller: Who calls.
        route: What is called.
        answer: What came of it.
        declared: What the sources declare.
        reason: Why, as the log or the gateway says.
        meets_rule: Whether the caller was made to meet the route's rule.
    """

    caller: Caller
    route: RouteConfig
    answer: Answer
    declared: Verdict | None
    reason: str
    meets_rule: bool = False

    @property
    def as_declared(self) -> bool:
        """Whether the answer is the declared one.

        A public route is as declared once the gateway has passed the call on: its backend may
        refuse by itself what nobody needs a token for. Where nothing is declared, nothing differs.
        """
        status = self.answer.status
        if self.meets_rule:
            return self.is_let_in
        if self.declared is None:
            return True
        if self.reason == PUBLIC and status < _FAILED:
            return self.declared is Verdict.ALLOWED
        return Verdict.of_status(status) is self.declared

    @property
    def is_let_in(self) -> bool:
        """Whether the call got through."""
        return Verdict.of_status(self.answer.status) is Verdict.ALLOWED

    @property
    def expected(self) -> Verdict | None:
        """What should come of it."""
        return Verdict.ALLOWED if self.meets_rule else self.declared

    @property
    def is_open(self) -> bool:
        """Whether the route is public, and the call reached its backend as it should."""
        return self.route.authorizer is None and self.as_declared

    @property
    def text(self) -> str:
        """The status, and what should have been if that is another."""
        mark = "" if self.as_declared else f" [bold red]not {self.expected}[/]"
        return f"{coloured(self.answer.status)}{mark}"


def show(cells: list[Cell], tried: list[Cell], console: Console, *, verbose: bool) -> int:
    """Show all of it.

    Args:
        cells: Every call of the demo's own callers.
        tried: Every call of somebody who was made for a route's rule.
        console: Where people read.
        verbose: Whether the reason of each refusal is shown.

    Returns:
        The exit status: 0 only if every answer is the declared one, and each rule lets somebody in
        and keeps somebody out.
    """
    console.print("Who may call what", style="bold")
    for table in _tables([cell for cell in cells if not cell.is_open], console.width):
        console.print(table)
    opened = dict.fromkeys(cell.route.key for cell in cells if cell.is_open)
    if opened:
        console.print(_in_lines("Open to everyone:", opened, console.width), soft_wrap=True)
    undeclared = dict.fromkeys(cell.route.key for cell in cells if cell.declared is None)
    if undeclared:
        beginning = "Not judged, since another authorizer decides:"
        console.print(_in_lines(beginning, undeclared, console.width), soft_wrap=True)
    if verbose:
        console.print("Why each refusal:", style="bold")
        refused = (cell for cell in (*cells, *tried) if not cell.is_open)
        for text in _refusals(refused, console.width):
            console.print(text, soft_wrap=True)
    judged = [cell for cell in (*cells, *tried) if cell.declared is not None]
    if not _is_well(judged, list(_idle_rules(cells, tried)), console):
        return 1
    console.print(f"All {len(judged)} answers are as declared.", style="bold green")
    console.print(
        f"{len(tried)} of them are of callers made for a rule: who just meets it gets in, and who"
        "\nmisses one part of it does not.",
        soft_wrap=True,
    )
    console.print("Try next:", style="bold")
    for command, purpose in TRY_NEXT:
        console.print(f"  {escape(command):<26} {purpose}", soft_wrap=True)
    return 0


def _is_well(judged: list[Cell], idle: list[str], console: Console) -> bool:
    """Show what is not as it should be; return whether all is."""
    wrong = [cell for cell in judged if not cell.as_declared]
    for cell in wrong:
        console.print(
            f"[bold red]differs[/]  {cell.caller.name} {escape(cell.route.key)}: "
            f"{cell.answer.status}, declared {cell.expected}, {escape(cell.reason)}",
            soft_wrap=True,
            emoji=False,
        )
    for line in idle:
        console.print(f"[bold red]idle[/] {escape(line)}", emoji=False)
    if wrong:
        console.print(
            f"{len(wrong)} of {len(judged)} answers are not as declared", style="bold red"
        )
    return not wrong and not idle


def _idle_rules(cells: list[Cell], tried: list[Cell]) -> Iterator[str]:
    """Yield what to say of each route whose rule lets nobody in, or keeps out nobody."""
    guarded = [cell for cell in (*cells, *tried) if cell.route.authorizer]
    judged = dict.fromkeys(cell.route.key for cell in guarded if cell.declared is not None)
    let_in = {cell.route.key for cell in guarded if cell.is_let_in}
    for key in judged:
        if key not in let_in:
            yield (
                f"{key} lets nobody in: no caller of the demo meets its rule. It must be possible "
                "to meet, by a token of an issuer that this machine plays (docs/issuers.md)"
            )
        missing = [cell for cell in tried if cell.route.key == key and not cell.meets_rule]
        if missing and all(cell.is_let_in for cell in missing):
            yield f"{key} keeps nobody out: who misses a part of its rule gets in all the same"


def _in_lines(beginning: str, route_keys: Iterable[str], width: int, indent: int = 2) -> Text:
    """Set route keys behind a beginning; a line ends between two keys and never inside one."""
    keys = ", ".join(key.replace(" ", _UNBROKEN) for key in route_keys)
    lines = textwrap.fill(
        f"{beginning} {keys}",
        width,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return Text(lines.replace(_UNBROKEN, " "))


def _refusals(cells: Iterable[Cell], width: int) -> Iterator[Text]:
    """Yield each caller and reason, with the routes that it closes."""
    routes: dict[tuple[str, int, str], list[str]] = {}
    for cell in cells:
        if cell.answer.status >= _REFUSED:
            refusal = (cell.caller.name, cell.answer.status, cell.reason)
            routes.setdefault(refusal, []).append(cell.route.key)
    for (name, status, reason), keys in routes.items():
        text = _in_lines(f"  {status}  {name:<18} {reason} ", keys, width, _REASONS)
        text.stylize(colour(status), 2, 2 + len(str(status)))
        yield text


def _tables(cells: list[Cell], width: int) -> Iterator[Table]:
    """Lay out every row with as many columns as fit, then the rest below."""
    rows: dict[str, list[Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.caller.name, []).append(cell)
    names = max(map(len, rows), default=0)
    keys = dict.fromkeys(cell.route.key for cell in cells)
    left = list(range(len(keys)))
    while left:
        taken: list[int] = []
        used = names + _EDGES
        while left and (not taken or used + _width(rows, left[0]) <= width):
            used += _width(rows, left[0])
            taken.append(left.pop(0))
        yield _table({name: [row[index] for index in taken] for name, row in rows.items()})


def _width(rows: dict[str, list[Cell]], index: int) -> int:
    """Return how wide a column is, with the space beside it."""
    heading = _heading(next(iter(rows.values()))[index].route)
    return max(len(line) for line in heading.split("\n")) + 1


def _heading(route: RouteConfig) -> str:
    """Return the method, and each segment of the path, on a line of its own."""
    return _SLASH_INSIDE.sub("\n/", route.key.replace(" ", "\n", 1))


def _table(rows: dict[str, list[Cell]]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=0, pad_edge=False)
    table.add_column("Caller", no_wrap=True)
    for cell in next(iter(rows.values())):
        table.add_column(escape(_heading(cell.route)), justify="center", no_wrap=True)
    for name, row in rows.items():
        table.add_row(name, *(cell.text for cell in row))
    return table
