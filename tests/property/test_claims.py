"""Any claims, rightly signed: a verdict, and an answer that Lambda can send."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.attacks.bench import NOW, usual_mint
from tests.attacks.target import Target
from tests.property.json_values import json_values, texts, to_text

MINT = usual_mint()
CLAIMS = MINT.claims()
HEADER = MINT.header()
NAMES = st.sampled_from(
    [*CLAIMS, "nbf", "scp", "scopes", "groups", "cognito:groups", "azp", "cnf", "username", "email"]
)
VALUES = json_values(NAMES) | st.sampled_from([[text] for text in ("access", CLAIMS["aud"])])
MAX_CONTEXT_BYTES = 8192


def _sent(answer: Any) -> bytes:
    return json.dumps(answer, ensure_ascii=False, allow_nan=False).encode("utf-8")


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


@given(st.dictionaries(NAMES, VALUES, max_size=5))
def test_any_claims_get_a_verdict_and_a_sendable_answer(
    target: Target, changes: dict[str, Any]
) -> None:
    """E7, P8, T2, I2: and whoever is allowed has the issuer, the audience and a live token."""
    claims = {**CLAIMS, **changes}
    verdict = target.judge_token(MINT.token(claims=to_text(claims)))
    assert verdict.status in (200, 401)
    if verdict.status == 200:
        assert len(_sent(verdict.answer)) < MAX_CONTEXT_BYTES
        assert all(type(value) in (str, int, float) for value in verdict.context.values())
        assert claims["iss"] == CLAIMS["iss"]
        assert CLAIMS["aud"] in (
            [claims["aud"]] if claims["aud"] == CLAIMS["aud"] else claims["aud"]
        )
        assert claims["token_use"] == "access"
        assert "cnf" not in claims
        for name in {"scope", "scp", "scopes"} & claims.keys():
            assert isinstance(claims[name], str) or _are_texts(claims[name])
        assert _are_texts(claims.get("groups", []))
        assert type(claims["exp"]) in (int, float)
        assert claims["exp"] > NOW - 60


@given(json_values(NAMES, leaves=20))
def test_any_json_value_as_claims_is_refused(target: Target, value: Any) -> None:
    """E2: nobody makes good claims by accident."""
    assert target.judge_token(MINT.token(claims=to_text(value))).status == 401


@given(st.binary(max_size=100))
def test_any_bytes_as_claims_are_refused(target: Target, raw: bytes) -> None:
    """E3: whatever the encoding."""
    reason = target.judge_token(MINT.token(claims=raw)).reason
    if reason != "token_malformed":
        # Bytes may happen to be an object, which says nothing that we know.
        assert (reason, type(json.loads(raw))) == ("issuer_unknown", dict)


@given(
    st.dictionaries(
        st.sampled_from([*HEADER, "crit", "b64", "zip", "enc", "jwk", "jku", "x5c", "cty"]),
        json_values(texts),
        max_size=4,
    )
)
def test_any_header_gets_a_verdict(target: Target, changes: dict[str, Any]) -> None:
    """A2, K5, I5, E9: and whoever is allowed named the key and its algorithm exactly."""
    header = {**HEADER, **changes}
    verdict = target.judge_token(MINT.token(to_text(header)))
    assert verdict.status in (200, 401)
    if verdict.status == 200:
        assert (header["alg"], header["kid"]) == (HEADER["alg"], HEADER["kid"])
        assert not {"crit", "zip", "enc"} & header.keys()
        assert header.get("b64", True) is True
