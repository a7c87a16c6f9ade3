"""RFC 9864: `Ed25519` and the deprecated `EdDSA` are two names of one algorithm."""

from itertools import product
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed448

from tests.attacks.bench import Bench
from tests.attacks.case import changed, key_set, without
from tests.attacks.forge import Mint
from tests.signing_key import SigningKey

NAMES = ("EdDSA", "Ed25519")
KEY = SigningKey.generate("Ed25519")


def _published(alg: str | None) -> dict[str, Any]:
    return without(KEY.jwk, "alg") if alg is None else changed(KEY.jwk, alg=alg)


def _verdict(bench: Bench, jwk: dict[str, Any], token: str, *algorithms: str) -> tuple[int, str]:
    verdict = bench.target(jwks=key_set(jwk), algorithms=list(algorithms)).judge_token(token)
    return verdict.status, verdict.reason


@pytest.mark.parametrize(
    ("configured", "published", "said"), list(product(NAMES, (*NAMES, None), NAMES)), ids=str
)
def test_either_name_stands_for_both(
    bench: Bench, mint: Mint, configured: str, published: str | None, said: str
) -> None:
    """A4: in the configuration, in the key and in the token."""
    token = mint.token(mint.header(KEY, alg=said), key=KEY)
    assert _verdict(bench, _published(published), token, configured)[0] == 200


@pytest.mark.parametrize("name", ["ed25519", "ED25519", "eddsa", "Ed448", "ESP256"])
def test_no_other_spelling_or_curve_is_taken_for_it(bench: Bench, mint: Mint, name: str) -> None:
    """A1, A7: alg is compared to the letter (RFC 7515 section 4.1.1)."""
    token = mint.token(mint.header(KEY, alg=name), key=KEY)
    assert _verdict(bench, _published(None), token, *NAMES) == (401, "algorithm_not_allowed")
    good = mint.token(mint.header(KEY), key=KEY)
    assert _verdict(bench, _published(name), good, *NAMES) == (401, "key_unknown")


@pytest.mark.parametrize("name", NAMES)
def test_ed448_is_neither(bench: Bench, mint: Mint, name: str) -> None:
    """A5: the name EdDSA once stood for it too."""
    sign = ed448.Ed448PrivateKey.generate().sign
    token = mint.token(mint.header(KEY, alg=name), sign=sign)
    assert _verdict(bench, _published(None), token, *NAMES) == (401, "signature_invalid")
    on_the_other_curve = changed(KEY.jwk, alg=name, crv="Ed448")
    good = mint.token(mint.header(KEY, alg=name), key=KEY)
    assert _verdict(bench, on_the_other_curve, good, *NAMES) == (401, "key_unknown")


@pytest.mark.parametrize("name", NAMES)
def test_an_issuer_that_does_not_list_it_does_not_sign_with_it(
    bench: Bench, mint: Mint, name: str
) -> None:
    """A1: neither name comes in by itself."""
    token = mint.token(mint.header(KEY, alg=name), key=KEY)
    answer = _verdict(bench, _published(None), token, "RS256", "ES256")
    assert answer == (401, "algorithm_not_allowed")


@pytest.mark.parametrize("first", NAMES)
def test_a_key_published_under_both_names_is_one_key(bench: Bench, mint: Mint, first: str) -> None:
    """K14: and not two for one kid."""
    pair = [_published(first), *(_published(name) for name in NAMES if name != first)]
    target = bench.target(jwks=key_set(*pair), algorithms=["Ed25519"])
    for name in NAMES:
        assert target.judge_token(mint.token(mint.header(KEY, alg=name), key=KEY)).status == 200
