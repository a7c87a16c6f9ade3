"""A process that is measured: asked for a kind of token, it says what one takes, in microseconds.

They are of its own CPU, all threads: others on the same machine do not count.

`python -m benchmarks.speed.worker verify|handle NAME QUESTION FD`, in the peers' environment. Reads
one JSON object a line from standard input, `{"tokens": "good", "seconds": 0.1}`, and answers each
with one on the file descriptor. Standard output is what a handler logs to.
"""

import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks.speed.handlers import HANDLERS
from benchmarks.speed.verifiers import VERIFIERS

Operation = Callable[[Any], object]
Prepare = Callable[[list[str]], list[Any]]
"""Takes tokens, returns what an operation takes."""


class Context:
    """What a handler reads of Lambda's context."""

    function_name = "authorizer"
    memory_limit_in_mb = "256"
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:authorizer"
    aws_request_id = "8476a536-e9f4-11e8-9739-2dfe598c3fcd"


CONTEXT: Final = Context()


def fresh(text: str) -> str:
    """Return an equal text that nobody has hashed: an event never brings another."""
    return text.encode().decode()


def events_of(template: Mapping[str, Any], tokens: list[str]) -> list[dict[str, Any]]:
    """Return an event for each token, as the runtime would have decoded it just now."""
    events = []
    for token in tokens:
        value = fresh(f"Bearer {token}")
        headers = {**template["headers"], "authorization": value}
        events.append({**template, "headers": headers, "identitySource": [value]})
    return events


def operation(kind: str, name: str, question: Mapping[str, Any]) -> tuple[Operation, Prepare]:
    """Return what is timed, and what makes its arguments from tokens."""
    if kind == "verify":
        return VERIFIERS[name](question), lambda tokens: [fresh(token) for token in tokens]
    handle = HANDLERS[name](question)
    template = question["event"]
    return lambda event: handle(event, CONTEXT), lambda tokens: events_of(template, tokens)


def passes(operate: Operation, argument: object) -> bool:
    """Return whether it accepts, whatever it raises if not."""
    try:
        operate(argument)
    except Exception:  # noqa: BLE001  # each library has errors of its own
        return False
    return True


def refusing(operate: Operation) -> Operation:
    """Return the same for tokens that must be refused."""

    def refuse(argument: object) -> None:
        try:
            operate(argument)
        except Exception:  # noqa: BLE001  # each library has errors of its own
            return

    return refuse


def microseconds(operate: Operation, prepare: Callable[[], list[Any]], seconds: float) -> float:
    """Return the median, over batches, of the CPU time of one operation."""
    cpu, until = time.process_time_ns, time.perf_counter() + seconds
    samples: list[float] = []
    gc.collect()
    while not samples or time.perf_counter() < until:
        arguments = prepare()
        started = cpu()
        for argument in arguments:
            operate(argument)
        samples.append((cpu() - started) / len(arguments) / 1_000)
    return statistics.median(samples)


def main(kind: str, name: str, file: str, answers: int) -> None:
    """Answer until standard input ends."""
    sys.stdout.reconfigure(write_through=True)  # type: ignore[union-attr]  # as Lambda's runtime
    question = json.loads(Path(file).read_text(encoding="utf-8"))
    operate, arguments = operation(kind, name, question)
    for line in sys.stdin:
        asked = json.loads(line)
        tokens = question["tokens"][asked["tokens"]]
        accepted = passes(operate, arguments(tokens[:1])[0])
        timed = operate if accepted else refusing(operate)
        took = microseconds(timed, partial(arguments, tokens), asked["seconds"])
        os.write(answers, json.dumps({"accepted": accepted, "us": took}).encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
