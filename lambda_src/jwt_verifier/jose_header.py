"""First segment -> JOSE header: which key and algorithm the token claims, and nothing else of it.

Members that would bring a key along (`jwk`, `jku`, `x5u`, `x5c`) are never read (RFC 8725 3.10).
"""

from collections.abc import Collection
from dataclasses import dataclass

from jwt_verifier import compact
from jwt_verifier.algorithms import in_words
from jwt_verifier.errors import AlgorithmNotAllowed, HeaderNotAllowed, KeyIdInvalid, TypeNotAllowed
from jwt_verifier.issuer import TOKEN_TYPES
from jwt_verifier.jwks import MAX_KID_CHARACTERS

_KNOWN_TYPES = frozenset(name.lower() for name in TOKEN_TYPES)


@dataclass(frozen=True, slots=True)
class UnverifiedHeader:
    """`typ` is in lower case without `application/` (RFC 7515 section 4.1.9), None if absent."""

    algorithm: str
    kid: str
    typ: str | None


def parse_header(segment: str) -> UnverifiedHeader:
    """Parse a JOSE header.

    Raises:
        TokenMalformed: no canonical base64url, or no strict JSON object.
        HeaderNotAllowed: `crit`, `zip`, `enc`, or `b64` other than true.
        AlgorithmNotAllowed: `alg` is not a string.
        KeyIdInvalid: `kid` is missing, empty, longer than 256 characters or no string.
        TypeNotAllowed: `typ` is none of `JWT`, `at+jwt` and `JWS`.
    """
    header = compact.decode_object(segment)
    if not header.keys().isdisjoint(("crit", "zip", "enc")) or header.get("b64", True) is not True:
        raise HeaderNotAllowed("crit, zip, enc or b64")
    algorithm, kid = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str):
        raise AlgorithmNotAllowed("alg is not a string")
    if not isinstance(kid, str) or not 0 < len(kid) <= MAX_KID_CHARACTERS:
        raise KeyIdInvalid("kid is missing, empty, too long or not a string")
    return UnverifiedHeader(algorithm, kid, _token_type(header))


def check_algorithm(algorithm: str, allowed: Collection[str], whose: str) -> None:
    """Return if `alg` is one of those that are allowed (RFC 8725 section 3.1).

    Args:
        algorithm: what the header says.
        allowed: the names.
        whose: whom they are allowed for, for the log.

    Raises:
        AlgorithmNotAllowed: it is not.
    """
    if algorithm not in allowed:
        raise AlgorithmNotAllowed(f"alg is not allowed for {whose}: {in_words(algorithm)}")


def _token_type(header: dict[str, object]) -> str | None:
    if "typ" not in header:
        return None
    typ = header["typ"]
    if isinstance(typ, str) and typ.isascii():
        typ = typ.lower().removeprefix("application/")
        if typ in _KNOWN_TYPES:
            return typ
    raise TypeNotAllowed("typ is neither JWT nor at+jwt")
