"""Calls -> a tally: keep-alive clients in a process of their own, so that they cost no server time.

Every answer is judged; a client that cannot read an answer counts it as wrong and dials
again, and no client waits longer than `ANSWER_SECONDS`.
"""

import http.client
import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Final, Protocol

from benchmarks.local_calls import Call, Failure, Served
from local.errors import LocalError

ANSWER_SECONDS: Final = 60
REPORT_SECONDS: Final = 1.0
KEPT_LATENCIES: Final = 200_000
_SUCCESSES: Final = range(200, 300)
_FAILED: Final = 500


@dataclass(slots=True)
class Tally:
    """What came back so far.

    `wrong` are answers that nothing excuses, by what is wrong; `failures` are answers 500, for
    whoever injected a crash.
    """

    answers: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    latencies_seconds: list[float] = field(default_factory=list)
    elapsed_seconds: float = 0.0


class SignsIn(Protocol):
    """Gives calls with new tokens, as often as it is asked."""

    def signed_in_anew(self) -> Served:
        """Sign everybody in; return all calls and the lifetime of their tokens."""


def drive_with_fresh_tokens(
    serving: SignsIn,
    clients: int,
    seconds: float,
    most_answers: int,
    on_report: Callable[[int, float], None],
) -> Tally:
    """Drive in rounds: everybody signs in anew in each, before a token expires.

    Args:
        serving: Whom to call.
        clients: How many connections call at once.
        seconds: When to stop, signing in not counted.
        most_answers: When to stop, too.
        on_report: Called each second with answers and seconds so far.

    Raises:
        LocalError: As `drive`, or nobody can sign in.
    """
    done = Tally()
    while done.elapsed_seconds < seconds and done.answers < most_answers:
        before = (done.answers, done.elapsed_seconds)

        def report(answers: int, so_far: float, before: tuple[int, float] = before) -> None:
            on_report(before[0] + answers, before[1] + so_far)

        served = serving.signed_in_anew()
        round_seconds = min(seconds - done.elapsed_seconds, served.good_seconds)
        answers_left = most_answers - done.answers
        done = _sum([done, drive(served, clients, round_seconds, answers_left, report)])
    return done


def drive(
    served: Served,
    clients: int,
    seconds: float,
    most_answers: int,
    on_report: Callable[[int, float], None],
) -> Tally:
    """Call until time or number is reached, whichever comes first.

    Args:
        served: Whom to call, and how.
        clients: How many connections call at once.
        seconds: When to stop.
        most_answers: When to stop, too.
        on_report: Called each second with answers and seconds so far.

    Raises:
        LocalError: The clients' process was ended from outside.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(theirs, served, clients, seconds, most_answers))
    process.start()
    theirs.close()
    try:
        while True:
            try:
                message = ours.recv()
            except EOFError as error:
                raise LocalError("the clients' process ended before it was done") from error
            if isinstance(message, Tally):
                return message
            on_report(*message)
    finally:
        ours.close()
        process.kill()
        process.join()


def _run(pipe: Connection, served: Served, clients: int, seconds: float, most_answers: int) -> None:
    started_at = time.monotonic()
    tickets = count()
    tallies = [Tally() for _ in range(clients)]

    def go_on() -> bool:
        # next() of a count is one step under the interpreter's lock: no two clients share one.
        return time.monotonic() - started_at < seconds and next(tickets) < most_answers

    with ThreadPoolExecutor(clients) as workers:
        running = [
            workers.submit(_client, served, random.Random(number), tally, go_on)
            for number, tally in enumerate(tallies)
        ]
        while not all(client.done() for client in running):
            time.sleep(REPORT_SECONDS)
            pipe.send((sum(t.answers for t in tallies), time.monotonic() - started_at))
        for client in running:
            client.result()
    total = _sum(tallies)
    total.elapsed_seconds = time.monotonic() - started_at
    pipe.send(total)


def _client(served: Served, chance: random.Random, tally: Tally, go_on: Callable[[], bool]) -> None:
    connection = http.client.HTTPConnection(served.address, timeout=ANSWER_SECONDS)
    while go_on():
        call = chance.choice(served.calls)
        asked_at = time.monotonic()
        try:
            connection.request(call.method, call.path, call.body, call.headers)
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            tally.answers += 1
            tally.wrong[f"{call.name}: {type(error).__name__}"] += 1
            continue
        _judge(tally, call, response.status, body, asked_at)
    connection.close()


def _judge(tally: Tally, call: Call, status: int, body: bytes, asked_at: float) -> None:
    answered_at = time.monotonic()
    tally.answers += 1
    tally.statuses[status] += 1
    if len(tally.latencies_seconds) < KEPT_LATENCIES:
        tally.latencies_seconds.append(answered_at - asked_at)
    right = status in _SUCCESSES if call.status is None else status == call.status
    if status == _FAILED:
        tally.failures.append(Failure(call, asked_at, answered_at))
    elif not right:
        tally.wrong[f"{call.name}: {status}, not {call.status or 'a success'}"] += 1
    elif call.subject is not None and call.subject not in body.decode():
        tally.wrong[f"{call.name}: an answer to somebody else"] += 1


def _sum(tallies: list[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        total.answers += tally.answers
        total.statuses += tally.statuses
        total.wrong += tally.wrong
        total.failures += tally.failures
        total.latencies_seconds += tally.latencies_seconds
        total.elapsed_seconds += tally.elapsed_seconds
    return total
