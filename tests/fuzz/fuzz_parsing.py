"""Coverage-guided fuzzing of everything that reads a stranger's bytes, and of rules: `make fuzz`.

An exception of any other kind than the documented ones, or a rule that allows too much, ends the run with the input that made it.
The slowest input so far is printed, for no test may assert a time.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import atheris  # type: ignore[import-untyped]  # installed for the run alone

with atheris.instrument_imports(include=["authorizer", "function_kit", "jwt_verifier", "json"]):
    from authorizer import events, policy  # noqa: F401  # instrumented for `rule_readers`
    from function_kit.csrf_token import csrf_token
    from function_kit.revocation.entry import Revocation, RevocationInvalid, new_item, read_item
    from function_kit.revocation.errors import ListUnreadable
    from function_kit.revocation.table_reader import page_of
    from jwt_verifier import compact, strict_json
    from jwt_verifier.algorithms import SUPPORTED
    from jwt_verifier.errors import TokenRejected
    from jwt_verifier.https import Answer
    from jwt_verifier.jose_header import parse_header
    from jwt_verifier.jwks import JwksInvalid, parse_jwks
    from jwt_verifier.strict_json import JsonInvalid
    from jwt_verifier.tokens import UnverifiedToken

from tests.attacks.bench import cases
from tests.attacks.corpus.everything import HOSTILE, LEGAL
from tests.attacks.forge import b64
from tests.attacks.gateway_event import COOKIE, PAGE_ORIGIN, bearer, gateway_event, page_event
from tests.fuzz.rule_readers import call_seeds, policy_seeds, read_call, read_policy

ALGORITHMS = frozenset(SUPPORTED)
ORIGINS = frozenset({PAGE_ORIGIN})


def read_key_set(raw: bytes) -> None:
    """Read bytes as an issuer's answer."""
    with suppress(JwksInvalid):
        parse_jwks(raw, ALGORITHMS)


def read_token(raw: bytes) -> None:
    """Read bytes as a token, as far as that goes without a key."""
    with suppress(TokenRejected):
        jws = compact.split(UnverifiedToken(raw.decode("latin-1")))
        with suppress(TokenRejected):
            parse_header(jws.header)
        with suppress(TokenRejected):
            compact.decode_object(jws.payload)
        compact.decode_bytes(jws.signature)


def read_json(raw: bytes) -> None:
    """Read bytes as a header and as claims, past the base64url."""
    with suppress(TokenRejected):
        parse_header(b64(raw))
    with suppress(JsonInvalid):
        strict_json.parse_object(raw)


def read_header(raw: bytes) -> None:
    """Read bytes as the value of an Authorization header."""
    with suppress(TokenRejected):
        events.parse(gateway_event(raw.decode("latin-1")))


def read_cookies(raw: bytes) -> None:
    """Read bytes as a browser's cookies, its anti-CSRF token and its origin, a line each."""
    cookies, csrf, origin = (*raw.decode("latin-1").split("\n", 2), "", "")[:3]
    with suppress(TokenRejected):
        event = page_event(*cookies.split(";"), csrf=csrf, origin=origin or None)
        events.parse(event, ORIGINS)


def read_event(raw: bytes) -> None:
    """Read bytes as an event, which a gateway sends as JSON."""
    try:
        event = json.loads(raw)
    except (ValueError, RecursionError):
        return
    events.origin(event)
    for origins in (events.NO_COOKIES, ORIGINS):
        with suppress(TokenRejected):
            events.parse(event, origins)


def read_revocations(raw: bytes) -> None:
    """Read bytes as a page of what was taken back."""
    with suppress(ListUnreadable):
        for item in page_of(Answer(200, raw), None).items:
            with suppress(RevocationInvalid):
                read_item(item)


READERS: tuple[Callable[[bytes], None], ...] = (
    read_key_set,
    read_token,
    read_json,
    read_header,
    read_event,
    read_cookies,
    read_policy,
    read_call,
    read_revocations,
)


class Slowest:
    """Prints the CPU time of each input that takes longer than all before it."""

    def __init__(self) -> None:
        self._seconds = 0.001

    def watch(self, raw: bytes) -> None:
        """Let the reader that the first byte chooses read the rest."""
        if not raw:
            return
        reader = READERS[raw[0] % len(READERS)]
        started = time.process_time()
        reader(raw[1:])
        spent = time.process_time() - started
        if spent > self._seconds:
            self._seconds = spent
            size = f"{reader.__name__}, {len(raw)} bytes"
            sys.stdout.write(f"slowest so far: {spent * 1000:.1f} ms CPU, {size}\n")


def seeds() -> Iterator[bytes]:
    """Yield inputs to start from: every hostile and legal token, and every key set."""
    for corpus in (*HOSTILE.values(), LEGAL):
        for case in cases(corpus):
            if len(case.token) < 12_000:
                yield b"\x01" + case.token.encode()
                yield b"\x03Bearer " + case.token.encode()
            if case.jwks is not None:
                yield b"\x00" + case.jwks.encode()
    yield b"\x04" + json.dumps(bearer("a.b.c")).encode()
    yield b"\x04" + json.dumps(page_event(f"{COOKIE}=a.b.c")).encode()
    csrf = csrf_token("a.b.c")
    yield b"\x05" + f"{COOKIE}=a.b;{COOKIE}-1=.c\n{csrf}\n{PAGE_ORIGIN}".encode()
    yield from (b"\x06" + seed for seed in policy_seeds())
    yield from (b"\x07" + seed for seed in call_seeds())
    item = new_item(Revocation("sub", "pool", "ana", 1), now=1.0, lifetime_seconds=1)
    yield b"\x08" + json.dumps({"Items": [item]}).encode()


def write_seeds(folder: Path) -> None:
    """Write the seeds where the fuzzer looks for them."""
    folder.mkdir(parents=True, exist_ok=True)
    for index, seed in enumerate(seeds()):
        (folder / f"seed-{index}").write_bytes(seed)


if __name__ == "__main__":
    write_seeds(Path(sys.argv[1]))
    atheris.Setup(sys.argv, Slowest().watch)
    atheris.Fuzz()
