"""An app of a stage -> every route called as everyone, each answer beside the declared one."""

from threading import Lock

from rich.console import Console

from local.gateway.access_log import Exchange
from local.loopback.listener import listen_on_loopback
from local.template.local_app import LocalApp, RouteConfig
from local.terminal.console import not_started_lines, notes_on_stage
from local.terminal.demo_table import Cell, show
from local.terminal.progress import Progress
from local.this_app.decision_log import DecisionLog
from local.this_app.demo.callers import Caller, sign_everyone_in
from local.this_app.demo.calls import ENDS_OWN_SIGN_IN, Answer, Placed, call, called_routes
from local.this_app.demo.declared import declared_verdict
from local.this_app.demo.rule_trials import trials_of
from local.this_app.demo.source_table import hold_template_to, source_table
from local.this_app.demo.trusted_issuers import trusted_issuers
from local.this_app.running_app import run_app


def judge(
    app: LocalApp,
    stage: str,
    app_module: str,
    progress: Progress,
    console: Console,
    *,
    verbose: bool,
) -> int:
    """Start everything, call every route as everyone, stop, and show it.

    Args:
        app: What to serve.
        stage: What it was synthesised for.
        app_module: The module that synthesised it.
        progress: Told each step, and the end of them.
        console: Where people read.
        verbose: Whether the reason of each refusal is shown.

    Returns:
        The exit status: 0 only if every answer is the declared one.

    Raises:
        LocalError: Something does not start, or nobody can sign in.
    """
    witness = _Witness()
    with run_app(
        app,
        listen_on_loopback(0),
        witness.on_exchange,
        witness.decisions.on_line,
        progress.step,
    ) as stack:
        broken = not_started_lines(stack.not_started)
        progress.step("sign-in")
        callers = sign_everyone_in(stack)
        progress.step("calls")
        table = source_table(stage, app_module)
        hold_template_to(table, app.api)

        def cell(
            route: RouteConfig, caller: Caller, placed: Placed, *, meets_rule: bool = False
        ) -> Cell:
            answer = call(stack.api_url, route, caller, placed)
            declared = declared_verdict(app, table, route, caller)
            return Cell(caller, route, answer, declared, witness.reason(answer), meets_rule)

        routes = called_routes(app.api)
        cells = []
        for caller in callers:
            placed = Placed()
            # What is added is deleted last.
            calls = sorted(routes, key=lambda route: route.key.startswith("DELETE "))
            made = {route.key: cell(route, caller, placed) for route in calls}
            cells += [made[route.key] for route in routes]
        progress.step("rules")
        trusted = trusted_issuers(stack, callers)
        tried = [
            cell(route, trial.caller, Placed(), meets_rule=trial.meets)
            for route in routes
            if route.authorizer and route.key in table
            for trial in trials_of(route, table[route.key], trusted)
        ]
    progress.done()
    for line in broken:
        console.print(line, soft_wrap=True)
    for note in (*notes_on_stage(stage, app), *_not_called(app)):
        console.print(note, style="dim", soft_wrap=True)
    return show(cells, tried, console, verbose=verbose)


def _not_called(app: LocalApp) -> list[str]:
    if len(called_routes(app.api)) == len(app.api.routes):
        return []
    return [f"{ENDS_OWN_SIGN_IN} is not called here: it would end the caller's own sign-in."]


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
        return self.decisions.reason(exchange) if exchange else "no answer from the gateway"
