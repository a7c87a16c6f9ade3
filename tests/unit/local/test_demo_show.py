"""What the demo shows of its calls, and when it says that all is well."""

from collections.abc import Sequence
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from local.template.local_app import JwtAuthorizerConfig
from local.terminal.demo_table import Cell, show
from local.this_app.demo.callers import Caller
from local.this_app.demo.calls import Answer
from local.this_app.demo.declared import Verdict

from .gateway_values import route

JWT = JwtAuthorizerConfig("j", "jwt", "$request.header.Authorization", "https://issuer.test", ())
GUARDED = route("GET /orders", JWT)
OPEN = route("GET /health")


def cell(
    asked: object = GUARDED,
    status: int = 200,
    declared: Verdict | None = Verdict.ALLOWED,
    reason: str = "allowed",
) -> Cell:
    return Cell(Caller("somebody"), asked, Answer(status, "r"), declared, reason)  # type: ignore[arg-type]


def shown(
    *cells: Cell, tried: Sequence[Cell] = (), width: int = 80, verbose: bool = False
) -> tuple[int, str]:
    console = Console(file=StringIO(), width=width, highlight=False)
    status = show(list(cells), list(tried), console, verbose=verbose)
    assert isinstance(console.file, StringIO)
    return status, console.file.getvalue()


def test_answers_as_declared_are_counted_and_the_status_is_0() -> None:
    status, text = shown(cell(), cell(OPEN, reason="public"))
    assert status == 0
    assert "All 2 answers are as declared." in text
    assert "Open to everyone: GET /health" in text


@pytest.mark.parametrize(
    ("answered", "declared"),
    [(200, Verdict.FORBIDDEN), (403, Verdict.ALLOWED), (401, Verdict.FORBIDDEN), (500, "allowed")],
)
def test_one_answer_that_is_not_declared_is_shown_and_the_status_is_1(
    answered: int, declared: str
) -> None:
    status, text = shown(cell(), cell(status=answered, declared=Verdict(declared)))
    assert status == 1
    assert f"differs  somebody GET /orders: {answered}, declared {declared}" in text
    assert "1 of 2 answers are not as declared" in text


def test_what_nothing_is_declared_for_is_shown_and_not_judged() -> None:
    other = route("GET /theirs", JWT)
    status, text = shown(cell(), cell(other, 403, None, "denied"), cell(other, 500, None, "failed"))
    assert status == 0
    assert "All 1 answers are as declared." in text
    told = " ".join(text.split())
    assert "Not judged, since another authorizer decides: GET /theirs" in told


def test_a_public_routes_backend_may_refuse_by_itself_but_must_not_fail() -> None:
    assert shown(cell(OPEN, 403, reason="public"))[0] == 0
    assert shown(cell(OPEN, 500, reason="public"))[0] == 1


def test_a_public_route_that_the_gateway_closes_is_not_open() -> None:
    status, text = shown(cell(OPEN, 401, reason="missing: token not provided"))
    assert status == 1
    assert "Open to everyone" not in text


def test_one_line_tells_a_callers_reason_with_every_route_that_it_closes() -> None:
    other = route("POST /orders", JWT)
    refused = {"status": 403, "declared": Verdict.FORBIDDEN, "reason": "token_use_not_allowed:id"}
    cells = cell(**refused), cell(other, **refused)  # type: ignore[arg-type]
    assert "token_use" not in shown(*cells)[1]
    _, text = shown(*cells, verbose=True)
    [line] = [line for line in text.splitlines() if "token_use" in line]
    words = " ".join(line.split())
    assert words == "403 somebody token_use_not_allowed:id GET /orders, POST /orders"


def test_who_was_made_to_meet_a_rule_must_get_in() -> None:
    tried = replace(cell(status=403, declared=Verdict.FORBIDDEN), meets_rule=True)
    status, text = shown(cell(), tried=[tried])
    assert status == 1
    assert "differs  somebody GET /orders: 403, declared allowed" in text


def test_a_rule_that_lets_nobody_in_fails_the_demo_and_says_what_it_needs() -> None:
    refused = cell(status=403, declared=Verdict.FORBIDDEN)
    status, text = shown(refused, cell(OPEN, reason="public"))
    assert status == 1
    told = " ".join(text.split())
    assert "GET /orders lets nobody in: no caller of the demo meets its rule." in told
    assert shown(refused, cell())[0] == 0


def test_a_rule_that_keeps_out_nobody_who_misses_a_part_of_it_fails_the_demo() -> None:
    missing = cell()
    status, text = shown(cell(), tried=[missing])
    assert status == 1
    told = " ".join(text.split())
    assert "GET /orders keeps nobody out: who misses a part of its rule gets in" in told
    refused = cell(status=403, declared=Verdict.FORBIDDEN)
    assert shown(cell(), tried=[missing, refused])[0] == 0


@pytest.mark.parametrize("width", [80, 70])
def test_no_line_is_wider_than_the_terminal_or_ends_inside_a_route(width: int) -> None:
    routes = [route(f"GET /orders/{number}/{{id}}", JWT) for number in range(12)]
    refused = {"status": 403, "declared": Verdict.FORBIDDEN, "reason": "missing_group:admins"}
    opened = [cell(route(f"GET /open/{number}"), reason="public") for number in range(12)]
    cells = [cell(item, **refused) for item in routes]  # type: ignore[arg-type]
    cells += [cell(item) for item in routes]
    _, text = shown(*cells, *opened, width=width, verbose=True)
    lines = text.splitlines()
    [told] = [n for n, line in enumerate(lines) if line.startswith("Why each refusal")]
    said = [line for line in lines if "Open to everyone" in line or "/open/" in line]
    said += lines[told + 1 :]
    assert all(len(line.rstrip()) <= 80 for line in lines)
    assert all(len(line) <= width for line in said[:-8])
    assert not any(line.rstrip().endswith(("GET", "/")) for line in said)
    words = " ".join(" ".join(said).split())
    assert all(item.key in words for item in routes)


def test_columns_that_do_not_fit_stand_below() -> None:
    cells = [cell(route(f"GET /a-rather-long-name-{number}", JWT)) for number in range(4)]
    _, text = shown(*cells, width=60)
    assert text.count("Caller") == 2
    assert all(len(line) <= 60 for line in text.splitlines() if "name" in line)
