"""Hostile tokens with a second spelling, or another serialisation (rows E1, E3, E8, E9, E10).

Where the signature covers the changed text it is made anew, so that only the spelling is at fault.
"""

import base64
import json
from collections.abc import Iterator
from typing import Any

from tests.attacks.case import Case
from tests.attacks.forge import ABSENT, Mint, b64, join, signer, to_json

BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
SEGMENTS = ("header", "payload", "signature")


def hostile(mint: Mint) -> Iterator[Case]:
    """Yield tokens that a parser of one canonical spelling refuses."""
    yield from _respelled(mint)
    yield from _surrounded(mint)
    yield from _other_encodings(mint)
    yield from _oversized(mint)
    yield from _header_extensions(mint)
    yield from _other_serialisations(mint)


def _segments(mint: Mint) -> tuple[str, str, str]:
    """Return segments of which each has unused bits in its last character."""
    header = to_json(mint.header())
    payload = to_json(mint.claims())
    header += b" " * ((1 - len(header)) % 3)
    payload += b" " * ((1 - len(payload)) % 3)
    first, second, third = join(b64(header), b64(payload), signer(mint.key)).split(".")
    return first, second, third


def _with(mint: Mint, index: int, text: str) -> str:
    """Return a token with one segment as given; the signature covers it if it can."""
    segments = list(_segments(mint))
    segments[index] = text
    if index == SEGMENTS.index("signature"):
        return ".".join(segments)
    return join(segments[0], segments[1], signer(mint.key))


def _respelled(mint: Mint) -> Iterator[Case]:
    for index, name in enumerate(SEGMENTS):
        text = _segments(mint)[index]
        spare = BASE64URL[BASE64URL.index(text[-1]) + 1]
        for fault, spelling in {
            "padded": text + "=" * (-len(text) % 4),
            "padded too much": text + "====",
            "with unused bits": text[:-1] + spare,
            "with a line break inside": text[:8] + "\n" + text[8:],
            "with a line break at its end": text + "\n",
            "with a blank at its end": text + " ",
            "with a tab inside": text[:8] + "\t" + text[8:],
            "with a NUL": text[:8] + "\0" + text[8:],
            "with an exclamation mark": text[:8] + "!" + text[8:],
            "percent-encoded": f"%{ord(text[0]):02X}{text[1:]}",
            "in full-width letters": chr(ord(text[0]) + 0xFEE0) + text[1:],
            "one character short": text[:-1],
            "with a character left over": text + "A" * (-(len(text) - 1) % 4),
            "in base64 of base64url": b64(text.encode()),
        }.items():
            reason = "token_malformed"
            if name == "signature" and fault == "in base64 of base64url":
                reason = "signature_invalid"
            yield Case("E1", f"{name} {fault}", _with(mint, index, spelling), reason)
    yield from _standard_alphabet(mint)


def _standard_alphabet(mint: Mint) -> Iterator[Case]:
    claims = mint.claims(nickname="\u00ff\u00fe>>>???~~~\u07ff")
    payload = json.dumps(claims, ensure_ascii=False).encode()
    standard = base64.b64encode(payload).rstrip(b"=").decode()
    header = b64(to_json(mint.header()))
    assert {"+", "/"} & set(standard)
    yield Case(
        "E1", "payload in + and /", join(header, standard, signer(mint.key)), "token_malformed"
    )
    text, _, signature = mint.token().rpartition(".")
    respelled = signature.replace("-", "+").replace("_", "/")
    yield Case("E1", "signature in + and /", f"{text}.{respelled}", "token_malformed")


def _surrounded(mint: Mint) -> Iterator[Case]:
    token = mint.token()
    for name, spelling in {
        "a dot in front": f".{token}",
        "a dot behind": f"{token}.",
        "two dots": token.replace(".", "..", 1),
        "quotes": f'"{token}"',
        "a comma and another": f"{token},{token}",
        "a semicolon": f"{token};",
        "a fragment": f"{token}#",
        "a byte order mark in front": f"\ufeff{token}",
    }.items():
        yield Case("E1", f"token with {name}", spelling, "token_malformed")


def _other_encodings(mint: Mint) -> Iterator[Case]:
    texts = {"header": json.dumps(mint.header()), "payload": json.dumps(mint.claims())}
    for name, text in texts.items():
        accented = text.replace("{", '{"nick":"\u00e9",', 1)
        for encoding, raw in {
            "UTF-8 with a mark": b"\xef\xbb\xbf" + text.encode(),
            "UTF-16": text.encode("utf-16"),
            "UTF-16 LE": text.encode("utf-16-le"),
            "UTF-16 BE": text.encode("utf-16-be"),
            "UTF-32": text.encode("utf-32"),
            "UTF-32 LE": text.encode("utf-32-le"),
            "Latin-1": accented.encode("latin-1"),
            "surrogates in UTF-8": text.replace("{", '{"n":"\ud83d\ude00",', 1).encode(
                "utf-8", "surrogatepass"
            ),
            "an overlong letter": text.encode().replace(b"{", b'{"n":"\xc1\xa1",', 1),
            "a byte that never is UTF-8": text.encode().replace(b"{", b'{"n":"\xff",', 1),
            "UTF-7": text.replace("{", "+AHs-", 1).encode(),
        }.items():
            token = mint.token(raw) if name == "header" else mint.token(claims=raw)
            yield Case("E3", f"{name} in {encoding}", token, "token_malformed")


def _oversized(mint: Mint) -> Iterator[Case]:
    exact = mint.token(claims=mint.claims(pad=""))
    missing = 10_241 - len(exact)
    for name, claims in {
        "just over 10,240": mint.claims(pad="x" * (missing * 3 // 4 + 3)),
        "16 KB": mint.claims(pad="x" * 16_384),
        "1 MB": mint.claims(pad="x" * 1_000_000),
    }.items():
        token = mint.token(claims=claims)
        yield Case("E8", f"a token of {name} bytes", token, "token_oversized", our_rule=True)
    long_header = mint.token(mint.header(pad="x" * 16_384))
    yield Case("E8", "a header of 16 KB", long_header, "token_oversized", our_rule=True)
    text = mint.token().rpartition(".")[0]
    signature = f"{text}.{'A' * 100_000}"
    yield Case("E8", "a signature of 100 KB", signature, "token_oversized", our_rule=True)
    yield Case("E8", "a million dots", "." * 1_000_000, "token_oversized", our_rule=True)
    yield Case("E8", "ten thousand dots", "." * 10_000, "token_malformed", our_rule=True)


def _header_extensions(mint: Mint) -> Iterator[Case]:
    extensions: dict[str, dict[str, Any]] = {
        "crit of exp": {"crit": ["exp"], "exp": mint.now + 900},
        "crit of an unknown member": {"crit": ["bork"], "bork": 1},
        "crit of cnf": {"crit": ["cnf"], "cnf": {"jwk": {}}},
        "crit without the member": {"crit": ["bork"]},
        "crit of alg": {"crit": ["alg"]},
        "crit of b64, true": {"crit": ["b64"], "b64": True},
        "crit of b64, false": {"crit": ["b64"], "b64": False},
        "an empty crit": {"crit": []},
        "crit null": {"crit": None},
        "crit as a string": {"crit": "exp"},
        "crit as an object": {"crit": {"exp": 1}},
        "b64 false alone": {"b64": False},
        "b64 as a string": {"b64": "false"},
        "b64 zero": {"b64": 0},
        "b64 null": {"b64": None},
        "zip DEF": {"zip": "DEF"},
        "zip null": {"zip": None},
        "enc": {"enc": "A128GCM"},
    }
    for name, members in extensions.items():
        token = mint.token(mint.header(**members))
        understood = name == "crit of b64, true"  # by those who know RFC 7797
        yield Case("E9", name, token, "header_not_allowed", our_rule=understood)
    header = b64(to_json(mint.header(b64=False, crit=["b64"])))
    payload = to_json(mint.claims())
    unencoded = f"{header}.{payload.decode()}."
    signature = b64(signer(mint.key)(unencoded[:-1].encode()))
    yield Case("E9", "an unencoded payload", f"{unencoded}{signature}", "token_malformed")


def _other_serialisations(mint: Mint) -> Iterator[Case]:
    token = mint.token()
    header, payload, signature = token.split(".")
    flat = {"protected": header, "payload": payload, "signature": signature}
    general = {"payload": payload, "signatures": [{"protected": header, "signature": signature}]}
    jwe_header = b64(to_json(mint.header(alg="PBES2-HS256+A128KW", enc="A128GCM", p2c=2**31 - 1)))
    malformed = "token_malformed"
    for name, text, reason in (
        ("a JWE", f"{jwe_header}.AAAA.AAAA.AAAA.AAAA", malformed),
        ("a JWE with its middle left out", f"{jwe_header}....AAAA", malformed),
        ("five segments", f"{token}.AAAA.AAAA", malformed),
        ("four segments", f"{token}.AAAA", malformed),
        ("two segments", f"{header}.{payload}", malformed),
        ("one segment", header, malformed),
        ("no payload", f"{header}..{signature}", malformed),
        ("no header", f".{payload}.{signature}", malformed),
        ("flattened JSON", json.dumps(flat, separators=(",", ":")), malformed),
        ("general JSON", json.dumps(general, separators=(",", ":")), malformed),
        ("general JSON without signatures", json.dumps({**general, "signatures": []}), malformed),
        ("flattened JSON in a member", json.dumps({f"{header}.": ".", **flat}), malformed),
        ("an SD-JWT", f"{token}~WyJzYWx0IiwibiIsInYiXQ~", malformed),
        ("an SD-JWT without disclosures", f"{token}~", malformed),
        ("PASETO", f"v4.public.{payload}", "token_malformed"),
        ("CWT", b64(bytes.fromhex("d28443a10126a104")), malformed),
        ("SAML", b64(b"<saml:Assertion/>"), malformed),
    ):
        yield Case("E10", name, text, reason)
    nested = mint.token(mint.header(cty="JWT"), token.encode())
    yield Case("E10", "a token in a token", nested, malformed)
    quoted = mint.token(mint.header(cty="JWT"), json.dumps(token).encode())
    yield Case("E10", "a token in a token, quoted", quoted, malformed)
    detached = f"{header}..{b64(signer(mint.key)(f'{header}.'.encode()))}"
    yield Case("E10", "detached, signed as empty", detached, malformed)
    alone = mint.token({"alg": "dir", "enc": "A128GCM", "kid": mint.key.kid}, sign=signer(mint.key))
    yield Case("E10", "a JWE header on three segments", alone, "header_not_allowed")
    compressed = mint.token(
        mint.header(alg=ABSENT, enc="A128GCM", zip="DEF"), sign=signer(mint.key)
    )
    yield Case("E10", "a compressed JWE header", compressed, "header_not_allowed")
