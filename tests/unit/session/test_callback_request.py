import pytest
from hypothesis import given
from hypothesis import strategies as st

from session.callback_request import code_of, parse
from session.errors import SignInFailed

STATE, ISSUER = "A" * 43, "https://issuer.example"


@given(st.text(max_size=200))
def test_any_query_is_a_code_for_this_state_or_a_refusal(query: str) -> None:
    try:
        code_of(parse({"rawQueryString": query}), STATE, ISSUER, names_itself=False)
    except SignInFailed:
        return
    assert f"state={STATE}" in query


@given(st.dictionaries(st.sampled_from(["error", "error_description", "iss"]), st.text()))
def test_an_answer_without_a_code_is_refused_in_a_line_that_can_be_shown(
    parameters: dict[str, str],
) -> None:
    with pytest.raises(SignInFailed) as refused:
        code_of({"state": STATE, **parameters}, STATE, ISSUER, names_itself=False)
    assert len(str(refused.value)) < 600
    assert str(refused.value).isprintable()
