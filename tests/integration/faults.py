"""Everything that a JWKS endpoint has been seen to do, as answers of `faulty_issuer`."""

import gzip
import json
import zlib
from collections.abc import Mapping
from functools import cache
from itertools import chain, repeat
from typing import Final

from tests.integration.faulty_issuer import Conversation, Fault

MAX_BODY_BYTES: Final = 150_000
PAUSE_SECONDS: Final = 0.02
HUGE_BYTES: Final = 60_000_000


def healthy(talk: Conversation) -> None:
    """Serve the key set."""
    talk.answer("200 OK", talk.issuer.document(), "content-type: application/json")


def gated(talk: Conversation) -> None:
    """Serve the key set once the gate is open."""
    talk.issuer.gate.wait()
    healthy(talk)


def _status(status: str, *headers: str) -> Fault:
    return lambda talk: talk.answer(status, talk.issuer.document(), *headers)


def _body(body: bytes, *headers: str) -> Fault:
    return lambda talk: talk.answer("200 OK", body, *headers)


def _changed(**members: object) -> Fault:
    def fault(talk: Conversation) -> None:
        keys = [{**jwk, **members} for jwk in talk.issuer.jwks["keys"]]
        talk.answer("200 OK", json.dumps({"keys": keys}).encode())

    return fault


def _stall(talk: Conversation) -> None:
    talk.drip(repeat(b"", 10_000), PAUSE_SECONDS)


def _drip_head(talk: Conversation) -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n" + b"x-a: b\r\n" * 50 + b"\r\n{}"
    talk.drip((bytes([byte]) for byte in head), PAUSE_SECONDS)


def _drip_body(talk: Conversation) -> None:
    body = talk.issuer.document()
    talk.start(f"content-length: {len(body)}")
    talk.drip((bytes([byte]) for byte in body), PAUSE_SECONDS)


def _stall_after_head(talk: Conversation) -> None:
    talk.start("content-length: 100")
    _stall(talk)


def _huge(talk: Conversation) -> None:
    talk.start(f"content-length: {HUGE_BYTES}")
    talk.drip(repeat(b" " * 100_000, HUGE_BYTES // 100_000), 0)


def _endless(talk: Conversation) -> None:
    talk.start()
    talk.drip(repeat(b" " * 1000), 0)


def _endless_chunks(talk: Conversation) -> None:
    talk.start("transfer-encoding: chunked")
    talk.drip(repeat(b"1\r\n \r\n"), 0)


def _endless_trailers(talk: Conversation) -> None:
    talk.start("transfer-encoding: chunked")
    talk.drip(chain([b"2\r\n{}\r\n0\r\n"], repeat(b"x-a: b\r\n")), 0)


def _endless_continue(talk: Conversation) -> None:
    talk.drip(repeat(b"HTTP/1.1 100 Continue\r\n\r\n"), 0)


def _truncated(talk: Conversation) -> None:
    document = talk.issuer.document()
    talk.start(f"content-length: {len(document)}")
    talk.send(document[: len(document) // 2])


def _long_line(talk: Conversation) -> None:
    talk.answer("200 OK", talk.issuer.document(), f"x-a: {'a' * 1_000_000}")


def _many_headers(talk: Conversation) -> None:
    talk.answer("200 OK", talk.issuer.document(), *(f"x-{index}: a" for index in range(10_000)))


def _gzip(talk: Conversation) -> None:
    talk.answer("200 OK", gzip.compress(talk.issuer.document()), "content-encoding: gzip")


def _gzip_bomb(talk: Conversation) -> None:
    talk.answer("200 OK", _bomb(), "content-encoding: gzip")


def _gzip_bomb_unsaid(talk: Conversation) -> None:
    talk.answer("200 OK", _bomb())


@cache
def _bomb() -> bytes:
    """Return 60 MB of blanks, packed piece by piece so that packing takes no memory either."""
    packer = zlib.compressobj(wbits=31)
    pieces = [packer.compress(b" " * 100_000) for _ in range(HUGE_BYTES // 100_000)]
    return b"".join([*pieces, packer.flush()])


def _reset(talk: Conversation) -> None:
    talk.reset()


def _reset_in_the_body(talk: Conversation) -> None:
    talk.start("content-length: 100")
    talk.send(b'{"keys":')
    talk.reset()


def _silent_close(_talk: Conversation) -> None:
    return


def _one_byte_too_many(talk: Conversation) -> None:
    talk.answer("200 OK", talk.issuer.document().ljust(MAX_BODY_BYTES + 1))


FAST: Final[Mapping[str, Fault]] = {
    "500": _status("500 Internal Server Error"),
    "503": _status("503 Service Unavailable", "retry-after: 1"),
    "429": _status("429 Too Many Requests"),
    "404": _status("404 Not Found"),
    "204": _status("204 No Content"),
    "206": _status("206 Partial Content"),
    "a status of 999": _status("999 What"),
    "a reset": _reset,
    "a reset in the body": _reset_in_the_body,
    "a close without a word": _silent_close,
    "no HTTP": lambda talk: talk.send(b"SSH-2.0-OpenSSH_9.8\r\n"),
    "a body cut short": _truncated,
    "one byte too many": _one_byte_too_many,
    "60 MB": _huge,
    "an endless body": _endless,
    "no JSON": _body(b"{'keys': []}"),
    "HTML": _body(b"<html><body>Maintenance</body></html>", "content-type: text/html"),
    "nothing": _body(b""),
    "null": _body(b"null"),
    "an array": _body(b"[]"),
    "an error object": _body(b'{"error":"server_error"}'),
    "keys as an object": _body(b'{"keys":{}}'),
    "UTF-16": _body('{"keys":[]}'.encode("utf-16")),
    "nesting": _body(b'{"keys":' + b"[" * 100_000),
    "a million digits": _body(b'{"keys":' + b"9" * 140_000 + b"}"),
    "a long fraction": _body(b'{"keys":0.' + b"9" * 140_000 + b"}"),
    "open quotation marks": _body(b'{"keys":["' + b'\\"' * 70_000),
    "a redirect 301": _status("301 Moved Permanently", "location: /trap"),
    "a redirect 302": _status("302 Found", "location: /trap"),
    "a redirect 307": _status("307 Temporary Redirect", "location: /trap"),
    "a redirect 308": _status("308 Permanent Redirect", "location: https://trap.invalid/jwks"),
    "a redirect to a file": _status("302 Found", "location: file:///etc/passwd"),
    "gzip": _gzip,
    "gzip, said of plain JSON": _status("200 OK", "content-encoding: gzip"),
    "a gzip bomb": _gzip_bomb,
    "a gzip bomb, unsaid": _gzip_bomb_unsaid,
    "a header of 1 MB": _long_line,
    "ten thousand headers": _many_headers,
}

DROPPED: Final = frozenset(
    {"a reset", "a reset in the body", "a close without a word", "a body cut short"}
)
"""Faults that a second try at once may well mend."""

SLOW: Final[Mapping[str, Fault]] = {
    "a stall": _stall,
    "a stall after the head": _stall_after_head,
    "a dripping head": _drip_head,
    "a dripping body": _drip_body,
    "endless chunks": _endless_chunks,
    "endless trailers": _endless_trailers,
    "endless interim answers": _endless_continue,
}

WITHOUT_A_USABLE_KEY: Final[Mapping[str, Fault]] = {
    "an empty set": _body(b'{"keys":[]}'),
    "an empty set with more members": _body(b'{"keys":[],"expires":0}'),
    "the keys marked for encryption": _changed(use="enc"),
    "the keys without the operation": _changed(key_ops=["encrypt"]),
    "the keys for another algorithm": _changed(alg="RSA-OAEP-256"),
    "the keys without a kid": _changed(kid=None),
    "the keys made private": _changed(d="AQAB"),
    "only a shared secret": _body(b'{"keys":[{"kty":"oct","kid":"a","k":"c2VjcmV0"}]}'),
    "only what is not a key": _body(b'{"keys":[null,7,"key",[],{}]}'),
    "brackets in strings": _body(b'{"keys":["' + b"[" * 140_000 + b'"]}'),
    "ten thousand members": _body(json.dumps({"keys": [{"kid": "a"}] * 10_000}).encode()),
}
"""Answers that are a JWK set, and so the issuer's word that none of its keys is good any longer."""

ALL: Final[Mapping[str, Fault]] = {**FAST, **SLOW}
