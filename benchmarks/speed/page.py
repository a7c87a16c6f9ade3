"""Results -> docs/performance.json, docs/performance.md and its charts.

The page is its template with figures in it, so that none is written by hand.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any, Final

from benchmarks.peer_environments import ROOT
from benchmarks.speed import cold, goals, tables, warm
from benchmarks.speed.cost import HIT_RATES, MEMORY_MB, Measured, cost
from benchmarks.speed.goals import figure
from benchmarks.speed.machine import versions

TEMPLATE: Final = Path(__file__).parent / "performance.template.md"
RESULTS: Final = ROOT / "docs" / "performance.json"
PAGE: Final = ROOT / "docs" / "performance.md"
CHARTS: Final = {
    name: ROOT / "docs" / "images" / f"performance-{name}.png" for name in ("peers", "cost")
}
MATPLOTLIB: Final = "matplotlib==3.10.7"

Results = dict[str, Any]


def read_results(machine: str) -> Results:
    """Return what earlier runs on this machine found, or nothing."""
    found: Results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    parts = found["parts"] if found.get("machine") == machine else {}
    return {"machine": machine, "versions": versions(), "parts": parts}


def write_results(results: Mapping[str, Any]) -> None:
    """Keep them."""
    RESULTS.write_text(f"{json.dumps(results, indent=1, ensure_ascii=False)}\n")


def terminal(part: str, found: Mapping[str, Any]) -> str:
    """Return what a part found, as a table for a terminal."""
    return tables.terminal(tables.MAKERS[part](found))


def write(results: Mapping[str, Any]) -> list[Path]:
    """Write the page and its charts anew; return the files."""
    PAGE.write_text(render(results))
    CHARTS["peers"].parent.mkdir(exist_ok=True)
    _draw({"results": results, "cost": costs(results["parts"])})
    return [RESULTS, PAGE, *CHARTS.values()]


def _draw(document: Mapping[str, Any]) -> None:
    """Draw the charts, in an environment of their own: nothing else needs matplotlib."""
    uv = str(Path(sys.executable).parent / "uv")
    isolated = ["--quiet", "--isolated", "--no-project", "--python", sys.executable]
    script = str(Path(__file__).parent / "charts.py")
    command = [uv, "run", *isolated, "--with", MATPLOTLIB, "python", script]
    subprocess.run(  # noqa: S603  # fixed words
        [*command, *map(str, CHARTS.values())], input=json.dumps(document).encode(), check=True
    )


def measured(parts: Mapping[str, Any]) -> Measured:
    """Return what the cost of a request depends on, as the parts found it."""
    warm_us = parts["cold"]["warm_us"][cold.OURS][0]
    return Measured(warm_us, parts["breakdown"]["line_bytes"], MEMORY_MB)


def costs(parts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what requests cost, by what the parts measured."""
    return cost(measured(parts))


def render(results: Mapping[str, Any]) -> str:
    """Return the page."""
    return Template(TEMPLATE.read_text()).substitute(_values(results))


def _values(results: Mapping[str, Any]) -> dict[str, str]:
    parts = results["parts"]
    found = costs(parts)
    verify, starts = parts["verify"]["us"], parts["cold"]["answer_ms"]
    rows = goals.rows(parts)
    days = sorted({part["measured_on"] for part in parts.values()})
    in_hand, over_tls = starts[cold.OURS][0], starts[cold.OURS_TLS][0]
    in_tables = {
        "goals": goals.markdown(parts),
        **{name: tables.markdown(make(parts[name])) for name, make in tables.MAKERS.items()},
        "functions": tables.markdown(tables.functions(parts["functions"], parts["bundle"])),
        **{
            f"cost_{round(rate * 100)}": tables.markdown(tables.cost(found, rate))
            for rate in HIT_RATES
        },
    }
    figures = {
        "ours_us": verify[warm.OURS][0],
        "floor_us": verify[warm.FLOOR][0],
        "raw_us": verify[warm.RAW][0],
        "cache_hit_us": verify[warm.CACHE_HIT][0],
        "saved_by_cache_us": verify[warm.OURS][0] - verify[warm.CACHE_HIT][0],
        "in_hand_ms": in_hand,
        "over_tls_ms": over_tls,
        "fetch_ms": over_tls - in_hand,
        "sources_ms": starts[cold.OURS_SOURCES][0],
        "empty_ms": starts[cold.EMPTY_PYTHON][0],
        "usual_ms": starts[cold.USUAL][0],
        "usual_sources_ms": starts[cold.USUAL_SOURCES][0],
        "warm_us": parts["cold"]["warm_us"][cold.OURS][0],
        "rss_mib": parts["cold"]["rss_mib"][cold.OURS][0],
        "usual_rss_mib": parts["cold"]["rss_mib"][cold.USUAL][0],
        "zipped_mb": parts["bundle"]["sizes"]["authorizer"]["zipped_mb"],
        **found["kept_warm"],
    }
    return {
        **in_tables,
        **{name: figure(value) for name, value in figures.items()},
        "met": str(sum(row.is_met for row in rows)),
        "of": str(len(rows)),
        "machine": results["machine"],
        "versions": ", ".join(f"{name} {text}" for name, text in results["versions"].items()),
        "days": " to ".join(dict.fromkeys((days[0], days[-1]))),
        "billed_ms": str(found["billed_ms"]),
        "memory_mb": str(found["memory_mb"]),
        "line_bytes": str(parts["breakdown"]["line_bytes"]),
    }
