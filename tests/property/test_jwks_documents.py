"""Any document as a key set: keys that are fit, or `JwksInvalid`; never another exception."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jwt_verifier.algorithms import SUPPORTED, with_other_names
from jwt_verifier.jwks import JwksInvalid, PublicKeys, parse_jwks
from tests.attacks.keyring import keyring
from tests.property.json_values import json_values, texts, to_text

ALGORITHMS = frozenset(SUPPORTED)
GOOD_KEYS = keyring().jwks()["keys"]
NAMES = st.sampled_from(
    ["keys", "kty", "kid", "use", "key_ops", "alg", "crv", "n", "e", "x", "y", "d", "k", "x5c"]
)
WORDS = st.sampled_from(["RSA", "EC", "OKP", "oct", "sig", "verify", "P-256", "Ed25519", "AQAB"])


def _parsed(document: bytes) -> PublicKeys | None:
    try:
        return parse_jwks(document, ALGORITHMS)
    except JwksInvalid:
        return None


@given(st.binary(max_size=200))
def test_any_bytes_are_no_key_set(document: bytes) -> None:
    """N1, K13: an answer of garbage."""
    parsed = _parsed(document)
    assert parsed is None or not parsed.by_kid


@given(json_values(NAMES, leaves=25))
def test_any_json_is_no_key_set_with_usable_keys(value: Any) -> None:
    """K13: nobody makes a key by accident."""
    parsed = _parsed(to_text(value))
    assert parsed is None or not parsed.by_kid


@given(st.lists(st.dictionaries(NAMES, WORDS | json_values(NAMES, leaves=4), max_size=8)))
def test_any_keys_leave_a_good_key_beside_them_usable(keys: list[dict[str, Any]]) -> None:
    """K13, K14: unless they claim its kid."""
    good = GOOD_KEYS[0]
    others = [key for key in keys if key.get("kid") != good["kid"]]
    parsed = _parsed(to_text({"keys": [*others, good]}))
    assert parsed is not None
    assert parsed.by_kid[good["kid"]].checks.keys() == {"RS256"}


@given(
    st.sampled_from(GOOD_KEYS),
    st.dictionaries(NAMES, WORDS | texts | json_values(NAMES, leaves=4), min_size=1, max_size=3),
)
def test_a_good_key_with_members_replaced_is_usable_only_for_its_own_algorithm(
    good: dict[str, Any], members: dict[str, Any]
) -> None:
    """A4, K10, K12: it never becomes a key for something else."""
    changed = {**good, **members}
    parsed = _parsed(to_text({"keys": [changed]}))
    if parsed is None:
        return
    for kid, key in parsed.by_kid.items():
        assert kid == changed["kid"]
        for name in key.checks:
            assert SUPPORTED[name].key_type == changed["kty"]
            assert with_other_names([changed.get("alg", name)]) == with_other_names([name])
            assert changed.get("use", "sig") == "sig"
            assert not {"d", "k"} & changed.keys()


@given(st.data())
def test_a_key_set_with_a_byte_changed_is_read_or_refused(data: st.DataObject) -> None:
    """N1: a flipped bit on the wire, a cut, an insertion."""
    document = bytearray(json.dumps({"keys": GOOD_KEYS[:2]}).encode())
    index = data.draw(st.integers(0, len(document) - 1))
    match data.draw(st.sampled_from(["replace", "insert", "cut"])):
        case "replace":
            document[index] = data.draw(st.integers(0, 255))
        case "insert":
            document.insert(index, data.draw(st.integers(0, 255)))
        case _:
            del document[index:]
    parsed = _parsed(bytes(document))
    assert parsed is None or len(parsed.by_kid) <= 2
