import io
import json

import pytest
from rich.console import Console

from local.gateway.access_log import Exchange
from local.template.local_app import LocalApp
from local.terminal.console import ExchangePrinter
from local.terminal.progress import show_warnings
from tests.unit.local.gateway_values import http_api


@pytest.fixture
def screen() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def printer(screen: io.StringIO) -> ExchangePrinter:
    return ExchangePrinter(Console(file=screen, width=80, highlight=False))


def exchange(**changes: object) -> Exchange:
    values = {
        "request_id": "1",
        "method": "GET",
        "path": "/orders",
        "route_key": "GET /orders",
        "status": 403,
        "reason": "missing_scope:orders/read",
        "decided_in": None,
        "epoch_seconds": 0.0,
        "latency_ms": 3,
        "access_log": None,
    }
    return Exchange(**{**values, **changes})  # type: ignore[arg-type]


def test_each_request_is_one_line_with_its_reason(
    printer: ExchangePrinter, screen: io.StringIO
) -> None:
    printer.on_exchange(exchange())
    printer.on_exchange(exchange(status=404, route_key=None, path="/[bold]x", reason="no route"))
    printer.stop()
    lines = [line[10:] for line in screen.getvalue().splitlines()]
    assert lines == [
        "403  GET /orders              missing_scope:orders/read  3 ms",
        "404  GET /[bold]x             no route  3 ms",
    ]


def test_an_access_log_line_is_left_out_unless_it_is_asked_for(
    printer: ExchangePrinter, screen: io.StringIO
) -> None:
    printer.on_exchange(exchange(access_log="x" * 200))
    printer.stop()
    assert len(screen.getvalue().splitlines()) == 1


def test_an_access_log_line_that_is_asked_for_follows_its_request_unbroken(
    screen: io.StringIO,
) -> None:
    printer = ExchangePrinter(Console(file=screen, width=80), with_access_log=True)
    printer.on_exchange(exchange(access_log="x" * 200))
    printer.stop()
    assert screen.getvalue().splitlines()[1] == "access log  " + "x" * 200


def test_a_refusal_shows_the_detail_of_its_decision(
    printer: ExchangePrinter, screen: io.StringIO
) -> None:
    decision = {"message": "decision", "request_id": "1", "outcome": "refused"}
    line = {**decision, "reason": "audience_mismatch", "detail": "aud holds none of ours"}
    printer.decisions.on_line("authorizer", json.dumps(line))
    printer.on_exchange(exchange(status=401, reason="denied", decided_in="1"))
    printer.stop()
    assert "  audience_mismatch: aud holds none of ours  " in screen.getvalue()


def test_what_a_function_prints_stands_after_its_name(
    printer: ExchangePrinter, screen: io.StringIO
) -> None:
    printer.decisions.on_line("orders", "[red]as printed[/red]")
    printer.stop()
    assert screen.getvalue() == "orders  [red]as printed[/red]\n"


def test_what_comes_too_fast_is_counted(printer: ExchangePrinter, screen: io.StringIO) -> None:
    for number in range(100_000):
        printer.decisions.on_line("orders", str(number))
    printer.stop()
    shown = [line for line in screen.getvalue().splitlines() if line.startswith("orders")]
    counts = [line for line in screen.getvalue().splitlines() if "more lines skipped" in line]
    left_out = sum(int(line.strip("(").split(" ", 1)[0]) for line in counts)
    assert len(shown) + left_out == 100_000
    assert left_out > 0


def test_a_warning_of_the_synthesis_is_a_line_and_one_that_is_known_is_not_repeated(
    screen: io.StringIO,
) -> None:
    console = Console(file=screen, width=40, highlight=False)
    app = LocalApp(http_api(), (), (), warnings=("POST /things asks for scopes [alone]", "other"))
    show_warnings(app, console)
    show_warnings(app, console, known=("POST /things asks for scopes [alone]",))
    assert screen.getvalue().splitlines() == [
        "warning: POST /things asks for scopes [alone]",
        "warning: other",
        "warning: other",
    ]
