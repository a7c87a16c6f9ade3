"""Twice the input, at most twice the work: counted in calls, for time cannot be asserted.

How long the worst input takes is for `benchmarks/own_tokens.py` to print.
"""

import gc
import sys
from collections.abc import Callable
from contextlib import suppress

import pytest

from authorizer.events import parse
from jwt_verifier import strict_json
from jwt_verifier.algorithms import SUPPORTED
from jwt_verifier.errors import TokenRejected
from jwt_verifier.jwks import JwksInvalid, parse_jwks
from jwt_verifier.strict_json import JsonInvalid
from tests.attacks.gateway_event import gateway_event

INPUTS: dict[str, Callable[[int], str]] = {
    "arrays": lambda n: "[" * n,
    "pairs of brackets": lambda n: "[" + "[]," * n + "1]",
    "objects": lambda n: '{"a":' * n,
    "empty strings": lambda n: "[" + '"",' * n + '""]',
    "open quotation marks": lambda n: '"' * n,
    "escaped quotation marks": lambda n: '"' + '\\"' * n,
    "backslashes": lambda n: '"' + "\\" * n,
    "brackets in strings": lambda n: '["' + "[" * n + '"]',
    "digits": lambda n: "9" * n,
    "members": lambda n: "{" + ",".join(f'"{index}":1' for index in range(n)) + "}",
    "one member again and again": lambda n: "{" + ",".join(['"a":1'] * n) + "}",
    "blanks": lambda n: " " * n + "1",
}


def _calls(work: Callable[[], object]) -> int:
    """Return how many functions, of Python and of C, the work calls."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    # A collection calls the callbacks of other libraries, at any moment.
    gc.disable()
    sys.setprofile(count)
    try:
        with suppress(JsonInvalid, JwksInvalid, TokenRejected):
            work()
    finally:
        sys.setprofile(None)
        gc.enable()
    return calls


def _grows_no_faster_than_its_input(work: Callable[[int], Callable[[], object]]) -> bool:
    once, twice = _calls(work(1000)), _calls(work(2000))
    return twice <= 2 * once + 20


@pytest.mark.parametrize("name", INPUTS)
def test_parsing_json_takes_work_in_proportion_to_its_length(name: str) -> None:
    """E6, E8: valid or not."""
    assert _grows_no_faster_than_its_input(
        lambda n: lambda: strict_json.parse(INPUTS[name](n).encode())
    )


@pytest.mark.parametrize("name", INPUTS)
def test_reading_a_key_set_takes_work_in_proportion_to_its_length(name: str) -> None:
    """N3: valid or not."""
    assert _grows_no_faster_than_its_input(
        lambda n: (
            lambda: parse_jwks(f'{{"keys":[{INPUTS[name](n)}]}}'.encode(), frozenset(SUPPORTED))
        )
    )


@pytest.mark.parametrize("character", [" ", ".", "a", ",", "Bearer ", "\u00e9"])
def test_reading_a_header_takes_work_in_proportion_to_its_length(character: str) -> None:
    """R1, E8: the calls do not even grow."""
    short, long = (gateway_event("Bearer " + character * length) for length in (1, 900))
    assert _calls(lambda: parse(long)) <= _calls(lambda: parse(short)) + 4
