"""PyJWT as second opinion: it never refuses what ours takes; where ours refuses more, a rule says so."""

import json
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.attacks.bench import NOW, Bench, cases, usual_mint
from tests.attacks.case import Case
from tests.attacks.corpus.everything import HOSTILE, LEGAL
from tests.attacks.forge import ABSENT, AUDIENCE, ISSUER, LEEWAY_SECONDS
from tests.attacks.target import PLAIN_ISSUER, Target
from tests.property.json_values import json_values
from tests.property.strictness import RULES, SeenToken

MINT = usual_mint()
PUBLIC_KEYS = {jwk["kid"]: jwt.PyJWK.from_dict(jwk) for jwk in MINT.keys.jwks()["keys"]}
JUDGED = [
    case
    for corpus in (*HOSTILE.values(), LEGAL)
    for case in cases(corpus)
    if case.jwks is None and len(case.token) < 20_000
]


def _pyjwt_takes(token: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether PyJWT takes the token, told all that ours is told, at the same time."""
    monkeypatch.setattr("jwt.api_jwt.datetime", _FixedClock)
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        key = PUBLIC_KEYS.get(kid) if isinstance(kid, str) else None
        if key is None:
            return False
        jwt.decode(
            token,
            key,
            algorithms=PLAIN_ISSUER["algorithms"],
            audience=AUDIENCE,
            issuer=ISSUER,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iss", "aud"], "enforce_minimum_key_length": True},
        )
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError, OverflowError):
        return False
    return True


class _FixedClock:
    """Stands for `datetime` in PyJWT, which asks it for the time and for nothing else."""

    @staticmethod
    def now(tz: object = None) -> "_FixedClock":
        assert tz is not None
        return _FixedClock()

    @staticmethod
    def timestamp() -> float:
        return float(NOW)


def _compare(target: Target, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = target.judge_token(token), _pyjwt_takes(token, monkeypatch)
    if ours.status == 200:
        assert theirs
    elif theirs:
        seen = SeenToken.read(token)
        broken = [name for name, rule in RULES.items() if rule.applies(seen)]
        assert ours.reason in {RULES[name].reason for name in broken}


@pytest.mark.parametrize("case", JUDGED, ids=lambda case: case.label)
def test_both_agree_on_every_token_of_the_set_or_a_rule_says_why(
    case: Case, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    _compare(target, case.token, monkeypatch)


HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "alg": st.sampled_from(["RS256", "RS384", "PS256", "none", "HS256", None]),
        "kid": st.sampled_from([MINT.key.kid, "another", "", None, 1]),
        "typ": st.sampled_from(["JWT", "at+jwt", "dpop+jwt", "", None, 7]),
        "crit": st.sampled_from([["exp"], [], None]),
        "b64": st.booleans(),
        "zip": st.just("DEF"),
        "cty": st.just("JWT"),
    },
)
DATES: st.SearchStrategy[Any] = st.sampled_from(
    [0, -1, 0.5, "1", True, None, [], 1e300, float("nan")]
) | st.sampled_from([NOW + shift for shift in (-900, -61, -60, -59, 0, 59, 60, 61, 900, 0.5)])
CLAIMS = st.fixed_dictionaries(
    {},
    optional={
        "iss": st.sampled_from([ISSUER, f"{ISSUER}/", [ISSUER], None, 1]),
        "aud": st.sampled_from([AUDIENCE, [AUDIENCE], ["x", AUDIENCE], [AUDIENCE, 1], [], None, 1]),
        "exp": DATES,
        "nbf": DATES,
        "iat": DATES,
        "sub": st.sampled_from(["someone", "", None, 1, ["someone"]]),
        "jti": st.sampled_from(["id", None, 1]),
        "scope": st.sampled_from(["read", "", ["read"], ["read", 1], {}, None, 12345]),
        "scp": st.sampled_from(["read", ["read"], {}, None]),
        "groups": st.sampled_from([["admins"], [], "admins", {}, None]),
        "cnf": st.sampled_from([{"jkt": "x"}, {}, None, "x"]),
        "token_use": st.sampled_from(["access", "id", None, ABSENT]),
        "extra": json_values(leaves=5),
    },
)
SPELLINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32-be"])


@given(HEADERS, CLAIMS, SPELLINGS, st.booleans(), st.sampled_from(["", "", "", "=", "=="]))
def test_both_agree_on_any_token_or_a_rule_says_why(
    target: Target,
    header: dict[str, Any],
    claims: dict[str, Any],
    spelling: str,
    repeat: bool,
    tail: str,
) -> None:
    """A1, A4, K5, E1 to E5, T1 to T5, I1 to I6: generated, signed by the real key."""
    text = json.dumps(MINT.claims(**claims))
    if repeat:
        text = f'{{"sub":"first",{text[1:]}'
    token = MINT.token(MINT.header(**header), text.encode(spelling)) + tail
    with pytest.MonkeyPatch.context() as monkeypatch:
        _compare(target, token, monkeypatch)


@pytest.fixture(scope="module")
def rules_shown(bench: Bench) -> set[str]:
    """Return the rules that some token of the set breaks, which PyJWT takes and ours refuses."""
    target, shown = bench.target(), set[str]()
    for case in JUDGED:
        with pytest.MonkeyPatch.context() as monkeypatch:
            if not _pyjwt_takes(case.token, monkeypatch):
                continue
        reason, seen = target.judge_token(case.token).reason, SeenToken.read(case.token)
        shown |= {
            name for name, rule in RULES.items() if rule.reason == reason and rule.applies(seen)
        }
    return shown


@pytest.mark.parametrize("name", RULES)
def test_every_rule_is_one_that_pyjwt_does_not_have(name: str, rules_shown: set[str]) -> None:
    """E1: a rule that the library has learnt is struck from the list."""
    assert name in rules_shown
