"""What a part found -> tables, for a terminal of 80 columns and for a document."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from benchmarks.speed.cold import OWN_FUNCTIONS
from benchmarks.speed.goals import figure
from benchmarks.speed.warm import AWS_JWT_VERIFY, OURS, PYJWT_BY_KID, REFUSED

Found = Mapping[str, Any]
Table = tuple[Sequence[str], Sequence[Sequence[str]]]
"""Its heads, and its rows."""


def spread(values: Sequence[float]) -> str:
    """Return a median with its extremes."""
    median, least, most = (figure(value) for value in values)
    return f"{median} [{least}..{most}]"


def by_name(found: Found, base: str, unit: str) -> Table:
    """Return microseconds by name, least first, and each as a multiple of a baseline."""
    ordered = sorted(found["us"].items(), key=lambda item: float(item[1][0]))
    ratios = found["ratio_to"][base]
    rows = [[name, spread(values), spread(ratios[name])] for name, values in ordered]
    return ("", unit, f"x {base}"), rows


def refusals(found: Found) -> Table:
    """Return each kind of refused token: ours, aws-jwt-verify's, PyJWT's, and the ratio."""
    us = found["us"]
    rows = [
        [
            kind,
            *(figure(us[f"{name}: {kind}"][0]) for name in (OURS, AWS_JWT_VERIFY, PYJWT_BY_KID)),
            spread(found["to_aws_jwt_verify"][kind]),
        ]
        for kind in REFUSED
    ]
    return ("µs", OURS, AWS_JWT_VERIFY, "PyJWT", f"x {AWS_JWT_VERIFY}"), rows


def cold(found: Found) -> Table:
    """Return each start: CPU to the first answer, the first and a later invocation, memory."""
    ordered = sorted(found["answer_ms"].items(), key=lambda item: float(item[1][0]))
    rows = [
        [
            name,
            spread(values),
            figure(found["answer_to_node"][name][0]),
            figure(found["first_us"][name][0] / 1_000),
            figure(found["warm_us"][name][0]),
            figure(found["rss_mib"][name][0]),
        ]
        for name, values in ordered
    ]
    return ("CPU", "ms to answer", "x Node", "first ms", "later µs", "MiB"), rows


def functions(found: Found, sizes: Found | None = None) -> Table:
    """Return the starts of our other functions, and the sizes of the bundles where known."""
    rows = [
        [
            name,
            spread(found["answer_ms"][name]),
            spread(found["wall_ms"][name]),
            figure(found["rss_mib"][name][0]),
            *(_size(sizes, name) if sizes else ()),
        ]
        for name in OWN_FUNCTIONS
        if name in found["answer_ms"]
    ]
    heads = ("function", "CPU ms to first answer", "wall ms", "MiB after init")
    return (*heads, *(("zipped MB", "unzipped MB") if sizes else ())), rows


def _size(sizes: Found, name: str) -> tuple[str, str]:
    size = sizes["sizes"][name]
    return figure(size["zipped_mb"]), figure(size["unzipped_mb"])


def bundle(found: Found) -> Table:
    """Return the sizes of the bundles."""
    rows = [[name, *_size(found, name)] for name in found["sizes"]]
    return ("bundle for Lambda", "zipped MB", "unzipped MB"), rows


def breakdown(found: Found) -> Table:
    """Return the steps of a request and their sum."""
    whole = found["whole_us"]
    rows = [[name, f"{us:.2f}", f"{us / whole:.0%}"] for name, us in found["us"].items()]
    return ("step", "µs", ""), [*rows, ["**the whole handler**", f"{whole:.2f}", "100%"]]


def revocation(found: Found) -> Table:
    """Return a handler with revocation off and on, and what a reading of the whole list takes."""
    ratios = found["ratio_to_off"]
    rows = [[name, spread(us), spread(ratios[name])] for name, us in found["us"].items()]
    return ("whole handler", "µs", "x off"), [
        *rows,
        [f"the {found['entries']:,} read whole, once: ms", figure(found["reading_ms"]), ""],
        ["what they take in memory: MB", figure(found["reading_mb"]), ""],
    ]


def memory(found: Found) -> Table:
    """Return what verifications take and leave."""
    return ("memory", ""), [
        ["peak of a verification, bytes", str(found["peak_bytes"])],
        [f"blocks left by {found['verifications']:,}", str(found["blocks_left"])],
        [f"KiB of resident memory more after {found['verifications']:,}", str(found["kib_left"])],
    ]


def jwks(found: Found) -> Table:
    """Return what a large JWKS takes."""
    rows = [[name, spread(values)] for name, values in found["us"].items()]
    return (f"JWKS of {found['keys']} keys", "µs"), [*rows, ["ratio", spread(found["to_json"])]]


def edits(found: Found) -> Table:
    """Return what somebody who edits waits for."""
    rows = [
        ["synth of the stage dev, nothing changed", spread(found["warm_synth_s"])],
        ["one line of a backend changed, until served", spread(found["edit_served_s"])],
    ]
    return ("seconds of the clock", ""), rows


def cost(found: Found, hit_rate: float) -> Table:
    """Return a month by requests a second, at a hit rate of the gateway's cache."""
    months = [month for month in found["months"] if month["hit_rate"] == hit_rate]
    rows = [
        [
            f"{month['rate']:,}",
            f"{month['invocations_a_second']:,.1f}".removesuffix(".0"),
            f"{month['environments']:,}",
            f"{month['jwks_fetches_an_hour']:,.0f}",
            *(f"{month[name]:,.2f}" for name in ("requests", "compute", "logs", "gateway")),
        ]
        for month in months
    ]
    money = ("Lambda requests $", "compute $", "logs $", "gateway $")
    return ("requests/s", "invocations/s", "environments", "JWKS fetches/h", *money), rows


MAKERS: Final = {
    "verify": lambda found: by_name(found, AWS_JWT_VERIFY, "µs"),
    "refusals": refusals,
    "handler": lambda found: by_name(found, "aws-jwt-verify + Powertools", "µs"),
    "breakdown": breakdown,
    "revocation": revocation,
    "cold": cold,
    "functions": functions,
    "memory": memory,
    "jwks": jwks,
    "edits": edits,
    "bundle": bundle,
}
"""What makes the table of each part."""


def terminal(table: Table) -> str:
    """Return a table for a terminal; its columns stand below each other."""
    heads, rows = table
    cells = [list(heads), *([cell.replace("**", "") for cell in row] for row in rows)]
    widths = [max(len(row[number]) for row in cells) for number in range(len(heads))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    )


def markdown(table: Table) -> str:
    """Return a table for a document."""
    heads, rows = table
    rule = ["---", *("---:" for _ in heads[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, rule, *rows))
