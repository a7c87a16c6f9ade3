"""Good tokens in every form that the standards allow: none of them may be refused."""

import json
from collections.abc import Iterator

from tests.attacks.case import Case
from tests.attacks.corpus import key_sets, signatures, times
from tests.attacks.forge import ABSENT, AUDIENCE, Mint, signer


def legal(mint: Mint) -> Iterator[Case]:
    """Yield good tokens."""
    yield from _algorithms(mint)
    yield from _headers(mint)
    yield from _claims(mint)
    yield from _spellings(mint)
    yield from _key_ids(mint)
    yield from key_sets.legal(mint)
    yield from signatures.legal(mint)
    yield from times.legal(mint)


def _algorithms(mint: Mint) -> Iterator[Case]:
    for algorithm, key in mint.keys.issuer.items():
        yield Case("A4", algorithm, mint.token(key=key))
        untyped = mint.token(mint.header(key, typ=ABSENT), key=key)
        yield Case("I5", f"{algorithm}, no typ", untyped)


def _headers(mint: Mint) -> Iterator[Case]:
    for typ in ("JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt"):
        yield Case("I5", f"typ {typ}", mint.token(mint.header(typ=typ)))
    attacker = mint.keys.attacker.jwk
    for threat, members in (
        ("K1", {"jwk": attacker}),
        ("K2", {"jku": "https://trap.invalid/jwks.json"}),
        ("K2", {"x5u": "https://trap.invalid/cert.pem"}),
        ("K3", {"x5t": "YXR0YWNrZXI"}),
        ("K3", {"cty": "json"}),
    ):
        token = mint.token(mint.header(**members))
        yield Case(threat, f"{next(iter(members))} that nobody reads", token)
    reordered = dict(reversed(mint.header().items()))
    yield Case("E2", "header members in another order", mint.token(reordered))


def _claims(mint: Mint) -> Iterator[Case]:
    for threat, name, claims in (
        ("I2", "aud as an array", {"aud": [AUDIENCE]}),
        ("I2", "aud with others", {"aud": ["https://other.example", AUDIENCE]}),
        ("I6", "no sub", {"sub": ABSENT}),
        ("I6", "no jti", {"jti": ABSENT}),
        ("I6", "an empty sub", {"sub": ""}),
        ("P2", "no scope", {"scope": ABSENT}),
        ("P2", "scp as an array", {"scope": ABSENT, "scp": ["orders/read", "profile"]}),
        ("P2", "an empty scope", {"scope": ""}),
        ("P3", "groups", {"groups": ["admins", "support"]}),
        ("E7", "letters of every plane", {"name": "\u00e9\u4e2d\u05d0 \U0001f600\u202e"}),
        ("E7", "control characters", {"name": "\u0000\u0001\u001f\u007f\u2028"}),
        ("E5", "large and small numbers", {"n": [2**63, -(2**63), 1e-300, 1e300, 0.1, -0.0]}),
        ("E6", "moderate nesting", {"n": json.loads("[" * 30 + "]" * 30)}),
        ("E8", "many claims", {f"claim{index}": "x" * 20 for index in range(100)}),
        ("E2", "names of Python and JavaScript", {"__proto__": {"a": 1}, "__class__": "x"}),
        ("E2", "names that differ in case", {"SUB": "admin", "Exp": 1, "aud ": "x"}),
        ("K3", "keys in the claims", {"jwk": mint.keys.attacker.jwk, "jwks_uri": "https://x.test"}),
    ):
        yield Case(threat, name, mint.token(claims=mint.claims(**claims)))


def _spellings(mint: Mint) -> Iterator[Case]:
    claims = mint.claims()
    surrogate = json.dumps({**claims, "name": "\ud800"})
    yield Case("E7", "a lone surrogate in a claim", mint.token(claims=surrogate.encode()))
    for name, text in {
        "indented": json.dumps(claims, indent=2),
        "with blanks around": f" \t\r\n{json.dumps(claims)}\r\n ",
        "with escaped letters": json.dumps(claims).replace("s", "\\u0073"),
        "in raw UTF-8": json.dumps({**claims, "name": "\u00e9\U0001f600"}, ensure_ascii=False),
        "with escaped slashes": json.dumps(claims).replace("/", "\\/"),
    }.items():
        yield Case("E3", f"claims {name}", mint.token(claims=text.encode()))
    header = json.dumps(mint.header(), indent=1)
    yield Case("E3", "header indented", mint.token(header.encode()))


def _key_ids(mint: Mint) -> Iterator[Case]:
    for kid in (
        "1",
        "x" * 256,
        "\u9375",
        "a/b?c#d",
        "kid with blanks",
        "../../dev/null",
        "e\u0301",
    ):
        jwks = json.dumps({"keys": [{**mint.key.jwk, "kid": kid}]})
        token = mint.token(mint.header(kid=kid), sign=signer(mint.key))
        yield Case("K5", f"kid {kid[:20]!a}", token, "", jwks)
