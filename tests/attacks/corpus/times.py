"""Tokens whose dates lie elsewhere, or are not numbers, and good ones on the edge (T1 to T5)."""

import json
from collections.abc import Iterator

from tests.attacks.case import Case
from tests.attacks.forge import ABSENT, LEEWAY_SECONDS, Mint

MARGIN_SECONDS = 20
"""How far from an edge a case stays, so that the time a slow machine takes does not matter."""

DAY_SECONDS = 86_400


def hostile(mint: Mint) -> Iterator[Case]:
    """Yield tokens that are refused when dates are numbers and lie where they should."""
    yield Case("T1", "no exp", mint.token(claims=mint.claims(exp=ABSENT)), "claim_rejected")
    yield from _no_numbers(mint)
    yield from _expired(mint)
    yield from _not_yet(mint)


def legal(mint: Mint) -> Iterator[Case]:
    """Yield good tokens with dates that are unusual or just within the leeway."""
    edge = LEEWAY_SECONDS - MARGIN_SECONDS
    for threat, name, dates in (
        ("T3", "a fractional exp", {"exp": mint.now + 900.25}),
        ("T3", "fractional dates", {"exp": mint.now + 0.5 + 900, "iat": mint.now - 0.5}),
        ("T3", "exp in exponent form", {"exp": float(mint.now + 900) * 1.0}),
        ("T4", "an exp in the year 10000", {"exp": 253_402_300_800}),
        ("T4", "an exp after 2^53", {"exp": 2**53 + 1}),
        ("T4", "iat zero", {"iat": 0}),
        ("T4", "iat before 1970", {"iat": -1}),
        ("T4", "nbf zero", {"nbf": 0}),
        ("T5", "no iat", {"iat": ABSENT}),
        ("T5", "nbf now", {"nbf": mint.now}),
        ("T6", "an exp just passed", {"exp": mint.now - edge}),
        ("T6", "an nbf just ahead", {"nbf": mint.now + edge}),
        ("T6", "an iat just ahead", {"iat": mint.now + edge}),
    ):
        yield Case(threat, name, mint.token(claims=mint.claims(**dates)))


def _no_numbers(mint: Mint) -> Iterator[Case]:
    future = str(mint.now + 900)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in future)
    for value in (
        future,
        f" {future} ",
        f"{future[:1]}_{future[1:]}",
        wide,
        f"{future}.0",
        "never",
        "",
        True,
        False,
        None,
        [],
        [mint.now + 900],
        {},
        {"$date": mint.now + 900},
    ):
        token = mint.token(claims=mint.claims(exp=value))
        yield Case("T2", f"exp {json.dumps(value)}", token, "claim_rejected")
    for name in ("nbf", "iat"):
        for value in (str(mint.now - 5), "0", "", True, False, None, [], [mint.now - 5], {}):
            token = mint.token(claims=mint.claims(**{name: value}))
            yield Case("T2", f"{name} {json.dumps(value)}", token, "claim_rejected")


def _expired(mint: Mint) -> Iterator[Case]:
    for name, exp in {
        "zero": 0,
        "minus one": -1,
        "minus 1e300": -1e300,
        "a day ago": mint.now - DAY_SECONDS,
        "an hour ago": mint.now - 3600,
        "just past the leeway": mint.now - LEEWAY_SECONDS - 1,
        "past the leeway by a fraction": mint.now - LEEWAY_SECONDS - 0.5,
        "300 s ago": mint.now - 300,
        "a small fraction": 0.5,
        "of 1970 in milliseconds' clothes": mint.now / 1000,
    }.items():
        token = mint.token(claims=mint.claims(exp=exp))
        threat = "T6" if "leeway" in name or "300" in name else "T4"
        yield Case(threat, f"exp {name}", token, "token_expired")


def _not_yet(mint: Mint) -> Iterator[Case]:
    for member in ("nbf", "iat"):
        for name, date in {
            "past the leeway": mint.now + LEEWAY_SECONDS + MARGIN_SECONDS,
            "tomorrow": mint.now + DAY_SECONDS,
            "in milliseconds": mint.now * 1000,
            "at 1e300": 1e300,
            "after 2^63": 2**63,
        }.items():
            token = mint.token(claims=mint.claims(**{member: date}))
            yield Case("T5", f"{member} {name}", token, "token_not_yet_valid")
