"""`python -m local demo`: start everything, call every route as everyone, judge, stop.

The rule: exit status 0 only if every answer is the declared one.
"""

import re
from dataclasses import dataclass
from threading import Lock

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from local.console import Progress, coloured
from local.decision_log import DecisionLog
from local.demo.callers import Caller, sign_everyone_in
from local.demo.calls import Answer, call
from local.demo.declared import Verdict, declared_verdict
from local.gateway.access_log import Exchange
from local.local_stack import run_local_stack
from local.server import listen_on_loopback
from local.synth import synthesize
from local.template.local_app import RouteConfig
from local.template.read import read_local_app

_SLASH_INSIDE = re.compile(r"(?<=[^\n])/")
_NEXT = (
    ("make local", "serve this on http://127.0.0.1:3000 and try it by hand"),
    ("$EDITOR stacks/access.py", "change who may call what, then make demo again"),
    ("make test", "run every test"),
)


@dataclass(frozen=True, slots=True)
class _Cell:
    caller: Caller
    route: RouteConfig
    answer: Answer
    declared: Verdict
    reason: str

    @property
    def as_declared(self) -> bool:
        return Verdict.of_status(self.answer.status) is self.declared

    @property
    def text(self) -> str:
        mark = "" if self.as_declared else f" [bold red]not {self.declared}[/]"
        return f"{coloured(self.answer.status)}{mark}"


class _Witness:
    """Remembers each exchange by its request id."""

    def __init__(self) -> None:
        self.decisions = DecisionLog(lambda _name, _line: None)
        self._lock = Lock()
        self._exchanges: dict[str, Exchange] = {}

    def on_exchange(self, exchange: Exchange) -> None:
        with self._lock:
            self._exchanges[exchange.request_id] = exchange

    def reason(self, answer: Answer) -> str:
        with self._lock:
            exchange = self._exchanges.get(answer.request_id)
        return self.decisions.reason(exchange) if exchange else "no answer of the gateway"


def demo(stage: str, console: Console) -> int:
    """Run the demo and return the exit status.

    Raises:
        LocalError: Something does not start, or nobody can sign in.
    """
    witness = _Witness()
    progress = Progress(console)
    try:
        progress.step("synth")
        app = read_local_app(synthesize(stage))
        with run_local_stack(
            app,
            listen_on_loopback(0),
            witness.on_exchange,
            witness.decisions.on_line,
            progress.step,
        ) as stack:
            progress.step("sign-in")
            callers = sign_everyone_in(stack)
            progress.step("calls")
            cells = []
            for caller in callers:
                for route in app.api.routes:
                    answer = call(stack.api_url, route, caller)
                    declared = declared_verdict(app, route, caller)
                    reason = witness.reason(answer)
                    cells.append(_Cell(caller, route, answer, declared, reason))
    finally:
        progress.done()
    return _show(cells, console)


def _show(cells: list[_Cell], console: Console) -> int:
    console.print(_table(cells))
    console.print("Why each refusal:", style="bold")
    for cell in cells:
        if cell.answer.status >= 400:  # noqa: PLR2004 - HTTP's own line between fine and not
            console.print(
                f"  {coloured(cell.answer.status)}  {cell.caller.name:<18} "
                f"{escape(cell.route.key):<21} {escape(cell.reason)}",
                soft_wrap=True,
            )
    wrong = [cell for cell in cells if not cell.as_declared]
    for cell in wrong:
        console.print(
            f"[bold red]differs[/]  {cell.caller.name} {escape(cell.route.key)}: "
            f"{cell.answer.status}, declared {cell.declared}",
            soft_wrap=True,
        )
    if wrong:
        console.print(f"{len(wrong)} of {len(cells)} answers are not as declared", style="bold red")
        return 1
    console.print(f"All {len(cells)} answers are as declared.", style="bold green")
    console.print("Try next:", style="bold")
    for command, purpose in _NEXT:
        console.print(f"  {escape(command):<26} {purpose}", soft_wrap=True)
    return 0


def _table(cells: list[_Cell]) -> Table:
    rows: dict[str, list[_Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.caller.name, []).append(cell)
    # Without frames, and each segment on a line of its own, seven routes fit on 80 columns.
    table = Table(
        title="Who may call what", title_justify="left", box=SIMPLE_HEAD, padding=0, pad_edge=False
    )
    table.add_column("Caller", no_wrap=True)
    for cell in next(iter(rows.values())):
        heading = _SLASH_INSIDE.sub("\n/", cell.route.key.replace(" ", "\n", 1))
        table.add_column(escape(heading), justify="center", overflow="fold")
    for name, row in rows.items():
        table.add_row(name, *(cell.text for cell in row))
    return table
