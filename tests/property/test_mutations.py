"""A good token, changed anywhere: refused, for every character of it means something."""

from hypothesis import given
from hypothesis import strategies as st

from tests.attacks.bench import usual_mint
from tests.attacks.forge import b64
from tests.attacks.target import Target

MINT = usual_mint()
TOKENS = [MINT.token(key=key) for key in MINT.keys.issuer.values()]
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n\x00\u00e9"


@given(st.sampled_from(TOKENS), st.data())
def test_a_token_with_characters_changed_is_refused(
    target: Target, token: str, data: st.DataObject
) -> None:
    """E1, S1: replaced, inserted, left out, doubled or moved."""
    start = data.draw(st.integers(0, len(token)))
    end = data.draw(st.integers(start, min(len(token), start + 8)))
    put = data.draw(st.text(ALPHABET, max_size=8) | st.just(token[start:end] * 2))
    mutated = token[:start] + put + token[end:]
    as_it_was = mutated.lstrip(" ") == token  # `Bearer` may be followed by several blanks
    assert target.judge_token(mutated).status == (200 if as_it_was else 401)


@given(st.lists(st.sampled_from([part for t in TOKENS for part in t.split(".")]), max_size=6))
def test_segments_of_good_tokens_put_together_pass_only_as_they_were(
    target: Target, parts: list[str]
) -> None:
    """S1, E10: header of one, claims of another, signature of a third."""
    mixed = ".".join(parts)
    assert target.judge_token(mixed).status == (200 if mixed in TOKENS else 401)


@given(st.sampled_from(TOKENS), st.binary(max_size=600))
def test_any_bytes_as_a_signature_are_refused(target: Target, token: str, raw: bytes) -> None:
    """S1 to S7: of every algorithm."""
    forged = f"{token.rpartition('.')[0]}.{b64(raw)}"
    assert target.judge_token(forged).status == 401
