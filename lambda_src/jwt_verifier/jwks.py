"""JWKS document -> usable public keys. Pure, and it survives any bytes: the fuzz target.

One bad key costs itself and never the set (RFC 7517 section 5). A kid may stand for several keys
that `kty` and `alg` tell apart (section 4.5); two keys for one kid and one algorithm cost that kid
that algorithm.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from jwt_verifier import strict_json
from jwt_verifier.algorithms import SUPPORTED, verification_key, with_other_names
from jwt_verifier.errors import KeyMismatch, SignatureInvalid
from jwt_verifier.leaked_keys import PRIVATE_MEMBERS, LeakedKeys, find_leaked_keys
from jwt_verifier.strict_json import JsonInvalid, RepeatedMembers
from jwt_verifier.verification_key import KeyInvalid, Material, SignatureCheck, VerificationKey

MAX_KID_CHARACTERS = 256

_SECRET_MEMBERS = PRIVATE_MEMBERS | {"k"}

_Published = dict[str, dict[str, dict[Material, SignatureCheck]]]
"""kid -> algorithm -> each different key that is published for the two."""


class JwksInvalid(ValueError):
    """The document is not a JWK set (RFC 7517 section 5)."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What an issuer publishes under a kid: the key of each algorithm that its list allows."""

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


FOR_ENCRYPTION: Final = "for_encryption"
"""Why a key is passed over that an issuer may well publish beside those that sign."""


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
        The keys, perhaps none. None is private, the public half of a private key in the document,
        symmetric, weak, for encryption, or one of two for its kid and algorithm.

    Raises:
        JwksInvalid: the document holds no array `keys`.
    """
    parsed = _parse(document)
    leaked = find_leaked_keys(parsed)
    published: _Published = {}
    skipped: Counter[str] = Counter()
    for jwk in [entry for value in _values_of_keys(parsed) for entry in value]:
        try:
            kid, keys = _verification_keys(jwk, algorithms, leaked)
        except KeyInvalid as invalid:
            skipped[str(invalid)] += 1
            continue
        for name, key in keys.items():
            published.setdefault(kid, {}).setdefault(name, {})[key.material] = key.check
    usable: dict[str, PublicKey] = {}
    for kid, candidates in published.items():
        checks = _unambiguous(candidates)
        if len(checks) < len(candidates):
            skipped["ambiguous_kid"] += 1
        if checks:
            usable[kid] = PublicKey(kid, MappingProxyType(checks))
    return PublicKeys(MappingProxyType(usable), MappingProxyType(dict(skipped)))


def _unambiguous(
    candidates: Mapping[str, Mapping[Material, SignatureCheck]],
) -> dict[str, SignatureCheck]:
    return {name: next(iter(keys.values())) for name, keys in candidates.items() if len(keys) == 1}


def _parse(document: bytes) -> object:
    try:
        return strict_json.parse_tolerating_repeats(document)
    except JsonInvalid as invalid:
        raise JwksInvalid(str(invalid)) from None


def _values_of_keys(parsed: object) -> Iterator[list[object]]:
    """Yield every value of a member `keys`; two are read as one set, so no kid hides another."""
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


def _verification_keys(
    jwk: object, algorithms: frozenset[str], leaked: LeakedKeys
) -> tuple[str, dict[str, VerificationKey]]:
    """Return a JWK's kid, and its key for each algorithm that it may be used with.

    Raises:
        KeyInvalid: with a reason code that is safe to count and log.
    """
    if not isinstance(jwk, dict):
        raise KeyInvalid("malformed")
    kid = jwk.get("kid")
    if not isinstance(kid, str) or not 0 < len(kid) <= MAX_KID_CHARACTERS:
        raise KeyInvalid("no_kid")
    if jwk.get("kty") == "oct" or not _SECRET_MEMBERS.isdisjoint(jwk):
        raise KeyInvalid("secret_key_published")
    if jwk.get("use") == "enc":
        raise KeyInvalid(FOR_ENCRYPTION)
    if not _is_for_signatures(jwk):
        raise KeyInvalid("not_for_signatures")
    names = [name for name in algorithms if _fits(jwk, name)]
    if not names:
        raise KeyInvalid("algorithm_not_configured")
    try:
        keys = {name: verification_key(name, jwk) for name in names}
    except KeyInvalid:
        raise KeyInvalid("weak_or_malformed_key") from None
    numbers = {key.material[1] for key in keys.values()}
    if kid in leaked.kids or not leaked.numbers.isdisjoint(numbers):
        raise KeyInvalid("private_half_published")
    return kid, keys


def _is_for_signatures(jwk: Mapping[str, object]) -> bool:
    """Return whether `use` and `key_ops`, where present, allow it (RFC 7517 sections 4.2, 4.3)."""
    operations = jwk.get("key_ops", ["verify"])
    return (
        jwk.get("use", "sig") == "sig" and isinstance(operations, list) and "verify" in operations
    )


def _fits(jwk: Mapping[str, object], name: str) -> bool:
    """Return whether the key's `kty`, `crv` and, where present, `alg` are the algorithm's."""
    algorithm = SUPPORTED[name]
    return (
        jwk.get("kty") == algorithm.key_type
        and (algorithm.curve is None or jwk.get("crv") == algorithm.curve)
        and jwk.get("alg", name) in tuple(with_other_names([name]))
    )
