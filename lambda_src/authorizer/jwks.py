"""JWKS document -> usable public keys. Pure, and it survives any bytes: the fuzz target.

One bad key costs itself and never the set (RFC 7517 section 5); a kid that stands for two keys
costs that kid.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from authorizer import strict_json
from authorizer.algorithms import SUPPORTED, KeyInvalid, SignatureCheck, signature_check
from authorizer.errors import KeyMismatch, SignatureInvalid
from authorizer.strict_json import JsonInvalid, RepeatedMembers

MAX_KID_CHARACTERS = 256
MAX_KEYS = 100

_PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


class JwksInvalid(ValueError):
    """The document is not a JWK set (RFC 7517 section 5)."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An issuer's key, bound to the algorithms that its JWK and the issuer's list both allow."""

    kid: str
    checks: Mapping[str, SignatureCheck] = field(repr=False)

    def verify(self, algorithm: str, signing_input: bytes, signature: bytes) -> None:
        """Return if the signature is this key's.

        Raises:
            KeyMismatch: the key is not one for this algorithm.
            SignatureInvalid: the signature is another's, or none.
        """
        check = self.checks.get(algorithm)
        if check is None:
            raise KeyMismatch(f"the key is for {', '.join(sorted(self.checks))}")
        if not check(signing_input, signature):
            raise SignatureInvalid


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """The usable keys of one set by kid, and how many were passed over, by reason."""

    by_kid: Mapping[str, PublicKey]
    skipped: Mapping[str, int]


def parse_jwks(document: bytes, algorithms: frozenset[str]) -> PublicKeys:
    """Take the keys that may verify tokens out of a JWKS document.

    Args:
        document: the body that the issuer served.
        algorithms: the issuer's list, from `SUPPORTED`.

    Returns:
        The keys; none is private, symmetric, weak, for encryption, or one of two with one kid.

    Raises:
        JwksInvalid: the document holds no array `keys`, or more than 100 of them.
    """
    keys: dict[str, PublicKey] = {}
    skipped: Counter[str] = Counter()
    ambiguous: set[str] = set()
    for jwk in _entries(document):
        try:
            key = _public_key(jwk, algorithms)
        except KeyInvalid as invalid:
            skipped[str(invalid)] += 1
            continue
        if key.kid in keys:
            ambiguous.add(key.kid)
        keys[key.kid] = key
    for kid in ambiguous:
        del keys[kid]
        skipped["ambiguous_kid"] += 1
    return PublicKeys(MappingProxyType(keys), MappingProxyType(dict(skipped)))


def _entries(document: bytes) -> list[object]:
    try:
        parsed = strict_json.parse_tolerating_repeats(document)
    except JsonInvalid as invalid:
        raise JwksInvalid(str(invalid)) from None
    entries = [entry for value in _values_of_keys(parsed) for entry in value]
    if len(entries) > MAX_KEYS:
        raise JwksInvalid(f"more than {MAX_KEYS} keys")
    return entries


def _values_of_keys(parsed: object) -> Iterator[list[object]]:
    """Each value of the member `keys`: two of them are read as one set, so no kid hides another."""
    if isinstance(parsed, dict):
        members = list(parsed.items())
    elif isinstance(parsed, RepeatedMembers):
        members = parsed.pairs
    else:
        raise JwksInvalid("not a JSON object")
    values = [value for name, value in members if name == "keys"]
    if not values:
        raise JwksInvalid("no member keys")
    for value in values:
        if not isinstance(value, list):
            raise JwksInvalid("keys is not an array")
        yield value


def _public_key(jwk: object, algorithms: frozenset[str]) -> PublicKey:
    """Raises KeyInvalid with a reason code that is safe to count and log."""
    if not isinstance(jwk, dict):
        raise KeyInvalid("malformed")
    kid = jwk.get("kid")
    if not isinstance(kid, str) or not 0 < len(kid) <= MAX_KID_CHARACTERS:
        raise KeyInvalid("no_kid")
    if jwk.get("kty") == "oct" or not _PRIVATE_MEMBERS.isdisjoint(jwk):
        raise KeyInvalid("secret_key_published")
    if not _is_for_signatures(jwk):
        raise KeyInvalid("not_for_signatures")
    names = [name for name in algorithms if _fits(jwk, name)]
    if not names:
        raise KeyInvalid("algorithm_not_configured")
    try:
        checks = {name: signature_check(name, jwk) for name in names}
    except KeyInvalid:
        raise KeyInvalid("weak_or_malformed_key") from None
    return PublicKey(kid, MappingProxyType(checks))


def _is_for_signatures(jwk: Mapping[str, object]) -> bool:
    """Whether `use` and `key_ops`, where present, allow it (RFC 7517 sections 4.2, 4.3)."""
    operations = jwk.get("key_ops", ["verify"])
    return (
        jwk.get("use", "sig") == "sig" and isinstance(operations, list) and "verify" in operations
    )


def _fits(jwk: Mapping[str, object], name: str) -> bool:
    """Whether the key's `kty`, `crv` and, where present, `alg` are the algorithm's."""
    algorithm = SUPPORTED[name]
    return (
        jwk.get("kty") == algorithm.key_type
        and (algorithm.curve is None or jwk.get("crv") == algorithm.curve)
        and jwk.get("alg", name) == name
    )
