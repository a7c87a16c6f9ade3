"""Hostile tokens whose JSON two parsers would read differently (rows E2, E4 to E6)."""

import json
from collections.abc import Iterator

from tests.attacks.case import Case
from tests.attacks.forge import Mint, b64, no_signature, to_json

MALFORMED = "token_malformed"

LIBRARY_DEPTH = 1000
"""Where Python's own parser gives up; what lies between that and our 64 is our choice."""


def hostile(mint: Mint) -> Iterator[Case]:
    """Yield rightly signed tokens that strict JSON refuses."""
    yield from _duplicates(mint)
    yield from _numbers(mint)
    yield from _nesting(mint)
    yield from _no_json(mint)


def _in_payload(mint: Mint, members: str) -> str:
    """Return a token whose claims end with these members, as written."""
    text = json.dumps(mint.claims())
    return mint.token(claims=f"{text[:-1]},{members}}}".encode())


def _in_header(mint: Mint, members: str) -> str:
    text = json.dumps(mint.header())
    return mint.token(f"{text[:-1]},{members}}}".encode())


def _duplicates(mint: Mint) -> Iterator[Case]:
    for members in (
        '"sub":"admin"',
        '"exp":9999999999',
        '"iss":"https://issuer.example"',
        '"aud":"https://orders.example"',
        '"scope":"admin"',
        '"s\\u0075b":"admin"',
        '"token_use":"access"',
        '"nest":{"a":1,"a":2}',
        '"nest":[{"a":1},{"b":[{"c":1,"c":1}]}]',
        '"":1,"":2',
    ):
        yield Case("E2", f"claims with {members}", _in_payload(mint, members), MALFORMED)
    for members in (
        '"alg":"none"',
        '"alg":"RS256"',
        '"kid":"attacker"',
        '"k\\u0069d":"attacker"',
        '"typ":"JWT"',
        '"a":{"b":1,"b":2}',
    ):
        yield Case("E2", f"header with {members}", _in_header(mint, members), MALFORMED)
    first = json.dumps(mint.header(alg="none"))
    second = json.dumps(mint.header())
    merged = f"{first[:-1]},{second[1:]}".encode()
    yield Case("E2", "two headers in one", mint.token(merged), MALFORMED)


def _numbers(mint: Mint) -> Iterator[Case]:
    for number in ("NaN", "Infinity", "-Infinity"):
        claims = json.dumps(mint.claims(exp="@")).replace('"@"', number)
        yield Case("E4", f"exp {number}", mint.token(claims=claims.encode()), MALFORMED)
        yield Case("E4", f"a claim {number}", _in_payload(mint, f'"n":{number}'), MALFORMED)
        yield Case("E4", f"nbf {number}", _in_payload(mint, f'"nbf":{number}'), MALFORMED)
        yield Case("E4", f"a header member {number}", _in_header(mint, f'"n":{number}'), MALFORMED)
    for name, number in {
        "1e400": "1e400",
        "-1e400": "-1e400",
        "5,000 digits": "9" * 5000,
        "5,000 digits with a fraction": "9" * 5000 + ".5",
    }.items():
        claims = json.dumps(mint.claims(exp="@")).replace('"@"', number)
        yield Case("E5", f"exp {name}", mint.token(claims=claims.encode()), MALFORMED)
        yield Case("E5", f"a claim {name}", _in_payload(mint, f'"n":{number}'), MALFORMED)
        yield Case("E5", f"a header member {name}", _in_header(mint, f'"n":{number}'), MALFORMED)


def _nesting(mint: Mint) -> Iterator[Case]:
    for depth in (65, 1000, 3000):
        for name, text in {
            "arrays": "[" * depth + "]" * depth,
            "objects": '{"a":' * depth + "1" + "}" * depth,
        }.items():
            if len(text) > 7_000:
                continue
            ours = depth < LIBRARY_DEPTH
            members = f'"n":{text}'
            for place, token in {
                "claims": _in_payload(mint, members),
                "a header": _in_header(mint, members),
            }.items():
                yield Case("E6", f"{place} with {depth} {name}", token, MALFORMED, our_rule=ours)
    unclosed = mint.token(claims=b'{"n":' + b"[" * 6_000, sign=no_signature) + "AAAA"
    yield Case("E6", "6,000 arrays never closed, unsigned", unclosed, MALFORMED)
    huge = f"{b64(to_json(mint.header()))}.{b64(b'[' * 100_000)}.AAAA"
    yield Case("E6", "100,000 arrays, unsigned", huge, "token_oversized")


def _no_json(mint: Mint) -> Iterator[Case]:
    claims = json.dumps(mint.claims())
    for name, text in {
        "a string": '"claims"',
        "a number": "1",
        "null": "null",
        "an array": f"[{claims}]",
        "nothing": " ",
        "two objects": claims + claims,
        "an object and a brace": claims + "}",
        "a comment": claims.replace("{", "{/* */", 1),
        "a trailing comma": claims[:-1] + ",}",
        "single quotes": claims.replace('"', "'"),
        "names without quotes": claims.replace('"sub"', "sub"),
        "a hexadecimal number": claims[:-1] + ',"n":0x10}',
        "a number with a plus": claims[:-1] + ',"n":+1}',
        "a leading zero": claims[:-1] + ',"n":01}',
        "a bare fraction": claims[:-1] + ',"n":.5}',
        "a raw line break in a string": claims[:-1] + ',"n":"\n"}',
        "a NUL in a string": claims[:-1] + ',"n":"\0"}',
        "an unknown escape": claims[:-1] + ',"n":"\\x41"}',
        "a NUL behind": claims + "\0",
        "a vertical tab between members": claims.replace(", ", ",\x0b", 1),
        "True": claims[:-1] + ',"n":True}',
    }.items():
        token = mint.token(claims=text.encode())
        yield Case("E2", f"claims: {name}", token, MALFORMED)
    header = json.dumps(mint.header())
    for name, text in {
        "a string": '"RS256"',
        "an array": f"[{header}]",
        "null": "null",
        "two objects": header + header,
        "an unclosed object": header[:-1],
    }.items():
        yield Case("E2", f"header: {name}", mint.token(text.encode()), MALFORMED)
