"""Results -> each goal: what was measured, what it should be, whether it is met."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.speed import cold, warm

Results = Mapping[str, Any]
"""The parts of a run, by name."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure that should not be larger than its limit.

    Attributes:
        part: the part of the benchmark that measures it.
        words: what it is.
        read: returns it from what the part found.
        limit: the goal.
        unit: "x" for a ratio.
    """

    part: str
    words: str
    read: Callable[[Results], float]
    limit: float
    unit: str = "x"


@dataclass(frozen=True, slots=True)
class Row:
    """A goal that was measured."""

    words: str
    measured: float
    limit: float
    unit: str

    @property
    def is_met(self) -> bool:
        """Whether it is met, as its figures are shown."""
        return float(figure(self.measured)) <= self.limit


def figure(value: float) -> str:
    """Return a figure to three digits, as the tables show it."""
    return f"{value:.3g}" if abs(value) < 1_000 else f"{value:.0f}"  # noqa: PLR2004  # no 1e+03


def _ratio(to: str) -> Callable[[Results], float]:
    def read(found: Results) -> float:
        value: float = found["ratio_to"][to][warm.OURS][0]
        return value

    return read


def _worst(of: str) -> Callable[[Results], float]:
    return lambda found: max(spread[0] for spread in found[of].values())


def _median(*path: str) -> Callable[[Results], float]:
    def read(found: Results) -> float:
        value: Any = found
        for name in path:
            value = value[name]
        return float(value[0] if isinstance(value, list) else value)

    return read


GOALS: Final = (
    Goal("verify", "verify, to aws-jwt-verify", _ratio(warm.AWS_JWT_VERIFY), 1.0),
    Goal("verify", "verify, to the floor", _ratio(warm.FLOOR), 1.15),
    Goal("verify", "verify, to PyJWT with a ready key", _ratio(warm.PYJWT_READY), 0.38),
    Goal("refusals", "worst refusal, to aws-jwt-verify's", _worst("to_aws_jwt_verify"), 1.0),
    Goal("refusals", "worst refusal, to our accept", _worst("to_our_accept"), 1.1),
    Goal("handler", "handler, to Node + Powertools", _ratio(warm.NODE_POWERTOOLS), 1.0),
    Goal("cold", "cold, keys in hand, to Node", _median("answer_to_node", cold.OURS), 1.1),
    Goal("cold", "cold, keys over TLS, to Node", _median("answer_to_node_over_tls"), 1.1),
    Goal(
        "cold",
        "first invocation above an empty one",
        lambda found: _median("first_above_empty_us", cold.OURS)(found) / 1_000,
        1.5,
        "ms",
    ),
    Goal("cold", "memory after init, to Node's", _median("rss_to_node"), 0.65),
    Goal("memory", "peak of a verification", lambda f: float(f["peak_bytes"]) / 1_000, 10, "kB"),
    Goal(
        "memory",
        "left by 1,000 verifications",
        lambda found: found["blocks_left"] / found["verifications"] * 1_000,
        1,
        "blocks",
    ),
    Goal("jwks", "JWKS of 100 keys, to json.loads", _median("to_json"), 1.5),
    Goal("edits", "warm synth", _median("warm_synth_s"), 5, "s"),
    Goal("edits", "edit of a backend until served", _median("edit_served_s"), 2, "s"),
    Goal("bundle", "bundle, zipped", _median("sizes", "authorizer", "zipped_mb"), 6.3, "MB"),
    Goal("bundle", "bundle, unzipped", _median("sizes", "authorizer", "unzipped_mb"), 18.5, "MB"),
    Goal(
        "functions", "issuer's discovery, cold CPU", _median("answer_ms", "token_issuer"), 500, "ms"
    ),
)


def rows(parts: Results) -> list[Row]:
    """Return the goals of the parts that there are."""
    return [
        Row(goal.words, goal.read(parts[goal.part]), goal.limit, goal.unit)
        for goal in GOALS
        if goal.part in parts
    ]


def table(parts: Results) -> str:
    """Return them as a table for a terminal of 80 columns."""
    lines = [f"{'goal':38} {'measured':>15} {'at most':>15}"]
    for row in rows(parts):
        measured, most = (f"{figure(value)} {row.unit}" for value in (row.measured, row.limit))
        verdict = "met" if row.is_met else "not met"
        lines.append(f"{row.words:38} {measured:>15} {most:>15}  {verdict}")
    return "\n".join(lines)


def markdown(parts: Results) -> str:
    """Return them as a table for a document."""
    lines = ["| goal | measured | at most | |", "| --- | ---: | ---: | --- |"]
    for row in rows(parts):
        measured, most = (f"{figure(value)} {row.unit}" for value in (row.measured, row.limit))
        verdict = "met" if row.is_met else "**not met**"
        lines.append(f"| {row.words} | {measured} | {most} | {verdict} |")
    return "\n".join(lines)
