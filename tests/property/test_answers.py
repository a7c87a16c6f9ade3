"""An answer says of every token what it says when each of its values is measured."""

from hypothesis import given
from hypothesis import strategies as st

from authorizer import response
from authorizer.policy import ALLOWED, NO_CLAIMS
from jwt_verifier.tokens import VerifiedToken

TEXTS = st.text(max_size=8) | st.sampled_from(["", " ", "a b", '"', "\\", "é", "\x7f", "x" * 513])
LISTS = st.lists(TEXTS, max_size=4).map(tuple) | st.sampled_from([("g" * 1_250,), ("g" * 2_496,)])


@given(TEXTS, TEXTS, TEXTS, LISTS, LISTS)
def test_a_context_made_at_once_is_the_one_that_is_measured(
    subject: str, client_id: str, issuer: str, scopes: tuple[str, ...], groups: tuple[str, ...]
) -> None:
    token = VerifiedToken(
        issuer=issuer,
        issuer_name="cognito",
        key_id="kid",
        subject=subject,
        client_id=client_id,
        token_use="access",
        scopes=scopes,
        groups=groups,
        expires_at=1.0,
        claims={},
    )
    answer = response.render(token, ALLOWED)
    assert answer == {"isAuthorized": True, "context": response._fitting(token, NO_CLAIMS)}
