"""What the local stack shows a person once it runs: tables, one line for each request."""

import time
from collections.abc import Iterable, Iterator, Sequence
from queue import SimpleQueue
from threading import Lock, Thread

from rich.console import Console
from rich.control import strip_control_codes
from rich.markup import escape
from rich.segment import Segment, Segments
from rich.style import Style
from rich.table import Table

from local.cognito.demo_users import DemoUser
from local.cognito.passwords import LOCAL_ONLY_PATH
from local.gateway.access_log import Exchange
from local.template.local_app import (
    JwtAuthorizerConfig,
    LambdaAuthorizerConfig,
    LocalApp,
    RouteConfig,
)
from local.this_app.decision_log import DecisionLog
from local.this_app.rules import rule_in_words
from local.this_app.synthesis.synth import LOCAL_STAGE

_FORBIDDEN, _CLIENT_ERROR, _SERVER_ERROR = 403, 400, 500
_FAILED, _DENIED, _REFUSED, _PASSED, _DIM = map(
    Style.parse, ("bold red", "yellow", "red", "green", "dim")
)
_GATHER_SECONDS = 0.02
_KEPT_ENTRIES = 1000


def coloured(status: int) -> str:
    """Colour a status by its kind: green passed, yellow 403, red refused or failed."""
    return f"[{colour(status)}]{status}[/]"


def colour(status: int) -> Style:
    """Return the colour of a status by its kind, as `coloured` shows it."""
    if status >= _SERVER_ERROR:
        return _FAILED
    if status == _FORBIDDEN:
        return _DENIED
    return _REFUSED if status >= _CLIENT_ERROR else _PASSED


class ExchangePrinter:
    """Prints one line for each request, with its reason, and what functions print.

    Lines are written by one thread, several at once if they come fast; what it cannot keep up with
    is counted, not kept. They are made of segments: marked-up text costs ten times as much.

    Args:
        console: Where people read.
        with_access_log: Whether the line of the API's access log follows each request.
    """

    def __init__(self, console: Console, *, with_access_log: bool = False) -> None:
        self._console = console
        self._with_access_log = with_access_log
        self._entries: SimpleQueue[Exchange | str | None] = SimpleQueue()
        self._left_out = 0
        self._counting = Lock()
        self.decisions = DecisionLog(self._on_function_line)
        self._thread = Thread(target=self._print, daemon=True)
        self._thread.start()

    def on_exchange(self, exchange: Exchange) -> None:
        """Print this one, when its decision is known."""
        self.decisions.on_exchange(exchange)
        self._put(exchange)

    def stop(self) -> None:
        """Print what is left."""
        self._entries.put(None)
        self._thread.join()

    def _on_function_line(self, function_name: str, line: str) -> None:
        self._put(f"{function_name}  {line}")

    def _put(self, entry: Exchange | str) -> None:
        if self._entries.qsize() < _KEPT_ENTRIES:
            self._entries.put(entry)
        else:
            with self._counting:
                self._left_out += 1

    def _print(self) -> None:
        going_on = True
        while going_on:
            entries = [self._entries.get()]
            # Nobody sees it, and under load it makes one write of many lines.
            time.sleep(_GATHER_SECONDS)
            while len(entries) < _KEPT_ENTRIES and not self._entries.empty():
                entries.append(self._entries.get())
            going_on = None not in entries
            segments = [
                segment
                for entry in entries
                if entry is not None
                for segment in self._segments(entry)
            ]
            with self._counting:
                left_out, self._left_out = self._left_out, 0
            if left_out:
                segments.append(_dim_line(f"({left_out} more lines skipped)"))
            self._console.print(Segments(segments), crop=False, end="")

    def _segments(self, entry: Exchange | str) -> Iterator[Segment]:
        if isinstance(entry, str):
            yield _dim_line(entry)
            return
        clock = time.strftime("%H:%M:%S", time.localtime(entry.epoch_seconds))
        route = entry.route_key or f"{entry.method} {entry.path}"
        yield Segment(f"{clock}  ")
        yield Segment(str(entry.status), colour(entry.status))
        yield Segment(strip_control_codes(f"  {route:<24} {self.decisions.explained(entry)}  "))
        yield _dim_line(f"{entry.latency_ms} ms")
        if self._with_access_log and entry.access_log is not None:
            yield _dim_line(f"access log  {entry.access_log}")


def _dim_line(text: str) -> Segment:
    return Segment(f"{strip_control_codes(text)}\n", _DIM)


def authorizer_name(route: RouteConfig) -> str:
    """Return the kind of authorizer before a route, as the access table calls it."""
    match route.authorizer:
        case JwtAuthorizerConfig():
            return "jwt"
        case LambdaAuthorizerConfig():
            return "lambda"
        case None:
            return "public"


def routes_table(app: LocalApp) -> Table:
    """Return each route with its authorizer and rule."""
    table = Table("Route", "Authorizer", "Who may call it", title="Routes", title_justify="left")
    for route in app.api.routes:
        table.add_row(escape(route.key), authorizer_name(route), escape(rule_in_words(app, route)))
    return table


def not_started_lines(not_started: Iterable[tuple[str, str]]) -> list[str]:
    """Return a line, with markup, for each function that did not start.

    Args:
        not_started: The label of each, and why.
    """
    return [
        f"[bold red]function {escape(label)} does not start[/]: {escape(reason)}; whatever calls "
        "it fails, its routes answer 500"
        for label, reason in not_started
    ]


def users_table(users: Sequence[DemoUser]) -> Table:
    """Return each demo user with a password, groups and, where any has them, custom attributes."""
    own = [_custom_attributes(user) for user in users]
    headings = ("User", "Password", "Groups", *("Attributes",) * any(own))
    table = Table(*headings, title="Demo users", title_justify="left")
    for user, attributes in zip(users, own, strict=True):
        cells = (user.username, user.password, ", ".join(user.groups), attributes)
        table.add_row(*map(escape, cells[: len(headings)]))
    return table


def _custom_attributes(user: DemoUser) -> str:
    own = {name: value for name, value in user.attributes.items() if name.startswith("custom:")}
    return ", ".join(f"{name.removeprefix('custom:')}={value}" for name, value in own.items())


def notes_on_stage(stage: str, app: LocalApp) -> Iterator[str]:
    """Yield what of a stage that is made for AWS is the deployment's alone, a line each."""
    if stage == LOCAL_STAGE:
        return
    runtimes = " and ".join(sorted({function.runtime for function in app.functions}))
    yield f"Stage {stage}, bundled for this machine ({runtimes}) and not for Lambda's."
    kinds = (f"{kind.removeprefix('AWS::')} ({n})" for kind, n in app.deployed_only.items())
    yield f"The deployment's alone: {', '.join(kinds)}."
    if any(pool.requires_mfa for pool in app.pools):
        yield (
            "The pool asks for a second factor, which is not modelled: no password signs anybody "
            f"in. People's tokens come from POST {LOCAL_ONLY_PATH}, which AWS does not have."
        )
