"""50 clients over every route as every caller -> throughput, latency, wrong answers.

A minute without revocation, and another one with it.

`make bench-local` runs it; it exits 1 if a single answer is wrong.
"""

import argparse
import statistics
import sys
from collections.abc import Sequence
from typing import Final

from benchmarks.local_clients import Tally, drive_with_fresh_tokens
from benchmarks.local_served import serve_in_a_process
from local.errors import LocalError

CLIENTS: Final = 50
SECONDS: Final = 60
MOST_ANSWERS: Final = 10_000_000
WRONG_SHOWN: Final = 20


def main(arguments: Sequence[str]) -> int:
    """Put the load on, print what came back and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.local_load", description=__doc__)
    parser.add_argument("--clients", type=int, default=CLIENTS, help="connections at once")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long")
    options = parser.parse_args(arguments)
    statuses = []
    for revocation, words in ((False, "revocation off"), (True, "revocation on")):
        try:
            with serve_in_a_process(revocation=revocation) as serving:
                print(f"{options.clients} clients, {options.seconds:g} s, {words}")
                tally = drive_with_fresh_tokens(
                    serving, options.clients, options.seconds, MOST_ANSWERS, _progress
                )
        except LocalError as error:
            sys.stderr.write(f"bench-local: {error}\n")
            return 1
        statuses.append(_show(tally))
    return max(statuses)


def _progress(answers: int, seconds: float) -> None:
    end = "\r" if sys.stdout.isatty() else "\n"
    if sys.stdout.isatty() or round(seconds) % 10 == 0:
        print(f"{seconds:5.0f} s  {answers:9,} answers", end=end, flush=True)


def _show(tally: Tally) -> int:
    for failure in tally.failures:
        tally.wrong[f"{failure.call.name}: 500"] += 1
    percentiles = statistics.quantiles(tally.latencies_seconds, n=100)
    wrong = tally.wrong.total()
    print(f"answers      {tally.answers:,} in {tally.elapsed_seconds:.1f} s")
    print(f"throughput   {tally.answers / tally.elapsed_seconds:,.0f} a second")
    print(f"p50          {percentiles[49] * 1000:.1f} ms")
    print(f"p99          {percentiles[98] * 1000:.1f} ms")
    print(f"statuses     {dict(sorted(tally.statuses.items()))}")
    print(f"wrong        {wrong}")
    for problem, times in tally.wrong.most_common(WRONG_SHOWN):
        print(f"  {times:6}  {problem}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
