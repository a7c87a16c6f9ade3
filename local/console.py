"""What the local stack shows a person: progress, tables, one line for each request."""

from datetime import datetime
from queue import SimpleQueue
from threading import Thread

from rich.console import Console
from rich.markup import escape
from rich.status import Status
from rich.table import Table

from local.decision_log import DecisionLog
from local.gateway.access_log import Exchange
from local.local_stack import LocalStack
from local.rules import rule_in_words
from local.template.local_app import JwtAuthorizerConfig, LambdaAuthorizerConfig, RouteConfig

_FORBIDDEN, _CLIENT_ERROR, _SERVER_ERROR = 403, 400, 500


def coloured(status: int) -> str:
    """A status in the colour of its kind: green passed, yellow 403, red refused or failed."""
    if status >= _SERVER_ERROR:
        return f"[bold red]{status}[/]"
    if status == _FORBIDDEN:
        return f"[yellow]{status}[/]"
    return f"[red]{status}[/]" if status >= _CLIENT_ERROR else f"[green]{status}[/]"


class Progress:
    """Tells each step of a start: a spinner at a terminal, a line in a log."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status = Status("", console=console)
        if console.is_terminal:
            self._status.start()

    def step(self, name: str) -> None:
        """The next step begins."""
        if self._console.is_terminal:
            self._status.update(f"starting: {name}")
        else:
            self._console.print(f"starting: {name}", style="dim")

    def done(self) -> None:
        """No more steps."""
        self._status.stop()


class ExchangePrinter:
    """Prints one line for each request, with its reason, off the request's own thread."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._exchanges: SimpleQueue[Exchange | None] = SimpleQueue()
        self.decisions = DecisionLog(self._show)
        self._thread = Thread(target=self._print, daemon=True)
        self._thread.start()

    def on_exchange(self, exchange: Exchange) -> None:
        """Print this one, when its decision is known."""
        self._exchanges.put(exchange)

    def stop(self) -> None:
        """Print what is left."""
        self._exchanges.put(None)
        self._thread.join()

    def _show(self, function_name: str, line: str) -> None:
        self._console.print(f"[dim]{function_name}  {escape(line)}[/]", soft_wrap=True)

    def _print(self) -> None:
        while (exchange := self._exchanges.get()) is not None:
            time = datetime.fromtimestamp(exchange.epoch_seconds).astimezone().strftime("%H:%M:%S")
            route = exchange.route_key or f"{exchange.method} {exchange.path}"
            reason = self.decisions.reason(exchange)
            self._console.print(
                f"{time}  {coloured(exchange.status)}  {escape(route):<24} "
                f"{escape(reason)}  [dim]{exchange.latency_ms} ms[/]",
                soft_wrap=True,
            )
            if exchange.access_log:
                self._console.print(
                    f"[dim]access log  {escape(exchange.access_log)}[/]", soft_wrap=True
                )


def authorizer_name(route: RouteConfig) -> str:
    """The kind of authorizer before a route, as the access table calls it."""
    match route.authorizer:
        case JwtAuthorizerConfig():
            return "jwt"
        case LambdaAuthorizerConfig():
            return "lambda"
        case None:
            return "public"


def routes_table(stack: LocalStack) -> Table:
    """Each route with its authorizer and rule."""
    table = Table("Route", "Authorizer", "Who may call it", title="Routes", title_justify="left")
    for route in stack.app.api.routes:
        table.add_row(
            escape(route.key), authorizer_name(route), escape(rule_in_words(stack.app, route))
        )
    return table


def users_table(stack: LocalStack) -> Table:
    """Each demo user with the password made at this start."""
    table = Table("User", "Password", "Groups", title="Demo users", title_justify="left")
    for user in stack.users:
        table.add_row(user.username, escape(user.password), ", ".join(user.groups))
    return table
