"""Results on standard input -> two charts, as PNG: ours beside its peers, and what requests cost.

Run by `page` in an environment that holds matplotlib; imports nothing of this repository.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt  # the backend is chosen before

OURS, OTHERS, GROUND = "#1f6feb", "#8c959f", "#d0d7de"
SIZE, DPI = (9.0, 8.4), 110
LINES = {0.0: "-", 0.5: "--", 0.9: "-.", 0.99: ":"}


def peers(parts: Mapping[str, Any], file: str) -> None:
    """Draw three groups of bars: a verification, a whole handler, a cold start."""
    panels = (
        ("verification of an access token, µs of CPU", parts["verify"]["us"]),
        ("whole handler with log line and metric, µs of CPU", parts["handler"]["us"]),
        ("start of a process to its first answer, ms of CPU", parts["cold"]["answer_ms"]),
    )
    sizes = [len(found) for _, found in panels]
    figure, axes = plt.subplots(3, 1, figsize=SIZE, height_ratios=sizes, layout="constrained")
    for axis, (title, found) in zip(axes, panels, strict=True):
        bars = sorted(found.items(), key=lambda item: -float(item[1][0]))
        medians = [values[0] for _, values in bars]
        least = [values[0] - values[1] for _, values in bars]
        colours = [_colour(name) for name, _ in bars]
        axis.barh([name for name, _ in bars], medians, color=colours)
        axis.errorbar(
            medians,
            range(len(bars)),
            xerr=[least, [0] * len(bars)],
            fmt="none",
            ecolor="black",
            elinewidth=0.8,
        )
        for row, median in enumerate(medians):
            axis.text(median, row, f" {median:.3g}", va="center", fontsize=8)
        axis.set_title(title, loc="left", fontsize=10)
        axis.set_xlim(0, max(medians) * 1.1)
        axis.tick_params(labelsize=8)
        axis.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, dpi=DPI)


def _colour(name: str) -> str:
    if name.startswith("ours"):
        return OURS
    return GROUND if name.startswith(("floor", "cryptography", "empty", "token cache")) else OTHERS


def cost(found: Mapping[str, Any], file: str) -> None:
    """Draw dollars a month by requests a second, one line for each hit rate, and the gateway's."""
    figure, axis = plt.subplots(figsize=(8.0, 4.6), layout="constrained")
    months = found["months"]
    for hit_rate, line in LINES.items():
        of_rate = [month for month in months if month["hit_rate"] == hit_rate]
        rates = [month["rate"] for month in of_rate]
        dollars = [month["requests"] + month["compute"] + month["logs"] for month in of_rate]
        axis.loglog(rates, dollars, line, color=OURS, label=f"authorizer, {hit_rate:.0%} cached")
    gateway = [month for month in months if month["hit_rate"] == 0]
    axis.loglog(
        [month["rate"] for month in gateway],
        [month["gateway"] for month in gateway],
        color=OTHERS,
        label="the gateway itself",
    )
    axis.set_xlabel("requests a second")
    axis.set_ylabel("$ a month, list prices")
    axis.grid(visible=True, which="major", color=GROUND, linewidth=0.6)
    axis.spines[["top", "right"]].set_visible(False)
    axis.legend(fontsize=8)
    figure.savefig(file, dpi=DPI)


def main() -> None:
    """Draw both."""
    document = json.load(sys.stdin)
    peers_file, cost_file = sys.argv[1:]
    peers(document["results"]["parts"], peers_file)
    cost(document["cost"], cost_file)


if __name__ == "__main__":
    main()
