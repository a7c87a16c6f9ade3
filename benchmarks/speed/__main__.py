"""`make bench`: measure, print, and write docs/performance.md anew from what was found.

Each part stands for itself, and its figures are kept in docs/performance.json; `--only` measures
one part and leaves the others as they are. Figures of another machine are dropped.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

from benchmarks import compare_verifiers, own_tokens
from benchmarks.peer_environments import LOCAL, ROOT
from benchmarks.speed import bundle_sizes, cold, edits, goals, inside, page, revocation, warm
from benchmarks.speed.bench import Bench, Part, timed
from benchmarks.speed.machine import busy, machine, versions
from benchmarks.speed.question import write_question
from benchmarks.speed.turns import beside_the_measured_core

PARTS: Final[Mapping[str, Part]] = {
    "verify": Part("warm verification", 50, warm.verify),
    "refusals": Part("refusals of bad tokens", 35, warm.refusals),
    "handler": Part("whole handlers, with log line and metric", 25, warm.handler),
    "breakdown": Part("where a request's microseconds go", 10, inside.breakdown),
    "revocation": Part("a handler with revocation on", 10, revocation.revocation),
    "cold": Part("cold starts and memory after init", 90, cold.cold),
    "functions": Part("cold starts of issuer, session and page", 45, cold.functions),
    "memory": Part("memory of a verification, and of a million", 60, inside.memory),
    "jwks": Part("a JWKS of 100 keys", 3, inside.jwks),
    "edits": Part("synth, and an edit until it is served", 90, edits.edits),
    "bundle": Part("sizes of the bundles for Lambda", 40, bundle_sizes.bundle),
}
TALKING_PARTS: Final = {
    "own-tokens": ("ours by algorithm, and the dearest hostile tokens", own_tokens.main),
    "comparison": ("docs/comparison.md: what each verifier lets through", compare_verifiers.main),
}
"""They print what they find, and have no part in docs/performance.md."""


def main(arguments: Sequence[str]) -> None:
    """Measure the parts that are asked for."""
    asked = _asked(arguments)
    chosen = [asked.only] if asked.only else [*PARTS, *TALKING_PARTS]
    here = machine()
    print(here)
    print(", ".join(f"{name} {version}" for name, version in versions().items()))
    _say_how_long(chosen)
    folder = LOCAL / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    bench = Bench(write_question(folder), folder, asked.quick)
    measured = [name for name in chosen if name in PARTS]
    if measured:
        _measure(measured, bench, page.read_results(here))
    for name in chosen:
        if name in TALKING_PARTS:
            title, talk = TALKING_PARTS[name]
            print(f"\n{title}", flush=True)
            talk()


def _measure(names: Sequence[str], bench: Bench, results: dict[str, Any]) -> None:
    """Measure parts one after the other; each is kept as soon as it is there."""
    for number, name in enumerate(names, 1):
        part = PARTS[name]
        print(f"\n[{number}/{len(names)}] {part.title}, about {part.seconds} s", flush=True)
        with beside_the_measured_core():
            results["parts"][name] = timed(part, bench)
        print(page.terminal(name, results["parts"][name]))
        if not bench.quick:
            page.write_results(results)
    print(f"\n{goals.table({name: results['parts'][name] for name in names})}")
    if not bench.quick:
        _renew_page(results)


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed")
    parser.add_argument("--only", choices=[*PARTS, *TALKING_PARTS], help="measure one part")
    parser.add_argument(
        "--quick", action="store_true", help="few rounds, and write nothing: to see that it works"
    )
    return parser.parse_args(arguments)


def _say_how_long(chosen: Sequence[str]) -> None:
    seconds = sum(PARTS[name].seconds if name in PARTS else 45 for name in chosen)
    print(f"about {seconds / 60:.0f} min on an idle machine; {busy()}")


def _renew_page(results: Mapping[str, Any]) -> None:
    missing = [name for name in PARTS if name not in results["parts"]]
    if missing:
        print(f"docs/performance.md needs these parts first: {', '.join(missing)}")
        return
    for file in page.write(results):
        print(f"wrote {file.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1:])
