"""docs/performance.md is what `make bench` found, and nothing else."""

import json
import re
from typing import Any

import pytest

from aws_jwt_authorizer.needs.needs import Needs
from benchmarks.speed import goals, page
from benchmarks.speed.__main__ import PARTS
from benchmarks.speed.cost import HIT_RATES, MEMORY_MB, RATES, Measured, cost, gateway, logs
from benchmarks.speed.machine import versions
from benchmarks.speed.tables import MAKERS
from benchmarks.speed.turns import ratio

RESULTS: dict[str, Any] = json.loads(page.RESULTS.read_text())
PNG = b"\x89PNG\r\n\x1a\n"


def test_the_page_shows_the_figures_that_the_benchmark_found() -> None:
    assert page.PAGE.read_text() == page.render(RESULTS), "make bench writes it anew"


def test_each_part_of_the_benchmark_is_in_the_results() -> None:
    assert RESULTS["parts"].keys() == PARTS.keys() == MAKERS.keys()


def test_the_results_are_of_the_pinned_versions() -> None:
    pinned = {"aws-jwt-verify", "cryptography", "fast-jwt", "jose", "pyjwt"}
    shown = {name: text for name, text in RESULTS["versions"].items() if name in pinned}
    assert shown == {name: text for name, text in versions().items() if name in pinned}


def test_each_goal_is_a_row_with_its_verdict() -> None:
    rows = goals.rows(RESULTS["parts"])
    assert len(rows) == len(goals.GOALS)
    table = goals.markdown(RESULTS["parts"])
    assert table.count("| met |") == sum(row.is_met for row in rows)


@pytest.mark.parametrize(("measured", "verdict"), [(1.15, True), (1.151, True), (1.16, False)])
def test_a_goal_is_met_where_its_shown_figure_is_no_larger(measured: float, verdict: bool) -> None:
    assert goals.Row("verify", measured, 1.15, "x").is_met is verdict


def test_the_steps_of_a_request_add_up_to_the_whole() -> None:
    found = RESULTS["parts"]["breakdown"]
    assert sum(found["us"].values()) == pytest.approx(found["whole_us"], abs=0.01)


def test_a_table_for_a_terminal_fits_into_80_columns() -> None:
    texts = [goals.table(RESULTS["parts"])]
    texts += [page.terminal(name, found) for name, found in RESULTS["parts"].items()]
    assert [line for text in texts for line in text.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("chart", page.CHARTS)
def test_the_page_shows_each_chart(chart: str) -> None:
    file = page.CHARTS[chart]
    assert file.read_bytes().startswith(PNG)
    assert f"](images/{file.name})" in page.PAGE.read_text()


def test_the_cost_is_of_the_memory_that_is_deployed() -> None:
    assert Needs().memory_mb == MEMORY_MB


MEASURED = Measured(warm_us=300.0, line_bytes=500, memory_mb=256)


def test_a_month_without_cache_invokes_the_authorizer_for_each_request() -> None:
    month = cost(MEASURED)["months"][RATES.index(10_000)]
    assert month["hit_rate"] == 0
    assert month["requests"] == pytest.approx(10_000 * 30 * 86_400 / 1e6 * 0.20)
    assert month["environments"] == month["jwks_fetches_an_hour"] == 1_000


def test_what_the_gateway_caches_costs_the_gateway_alone() -> None:
    months = cost(MEASURED)["months"]
    none, half = (months[number * len(RATES) + 4] for number in range(2))
    assert (none["hit_rate"], half["hit_rate"]) == HIT_RATES[:2]
    assert half["gateway"] == none["gateway"]
    assert half["compute"] == pytest.approx(none["compute"] / 2)


def test_a_millisecond_that_has_begun_is_billed_whole() -> None:
    assert MEASURED.billed_ms == 3  # 0.3 ms of a core at 256 of 1,769 MB


def test_prices_fall_tier_by_tier() -> None:
    assert gateway(301e6) == pytest.approx(300 * 1.00 + 1 * 0.90)
    assert logs(10_001) == pytest.approx(10_000 * 0.50 + 1 * 0.25)


def test_no_figure_is_written_by_hand_where_one_is_measured() -> None:
    words = page.TEMPLATE.read_text()
    assert not re.search(r"\d+(\.\d+)? (µs|MiB)", words)


def test_a_ratio_is_taken_within_each_round() -> None:
    rounds = {"ours": [10.0, 100.0, 20.0], "theirs": [20.0, 100.0, 40.0]}
    assert ratio(rounds, "ours", "theirs") == [0.5, 0.5, 1.0]


def test_figures_of_another_machine_are_dropped() -> None:
    here = RESULTS["machine"]
    assert page.read_results(here)["parts"] == RESULTS["parts"]
    assert page.read_results(f"not {here}")["parts"] == {}
