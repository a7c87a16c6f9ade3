"""Strategies for JSON values and texts, leaning towards those that parsers disagree about."""

import json
from typing import Any, Final

from hypothesis import strategies as st

AWKWARD_TEXTS: Final = (
    *("", " ", "\x00", "\n", "\r\n", "\ud800", "\udfff", "\ufeff", "\u2028", "\U0001f600"),
    *("null", "NaN", "none", "RS256", "__proto__", "../../etc/passwd", "a" * 300, "\u0130"),
)
AWKWARD_NUMBERS: Final = (
    *(0, -1, 1, 2**31, 2**53 + 1, 2**63, 2**64, -(2**63), 10**300),
    *(0.0, -0.0, 0.5, 1e-300, 1e300, -1e300, 1.7976931348623157e308),
)

texts = st.sampled_from(AWKWARD_TEXTS) | st.text(st.characters(), max_size=20)
numbers = (
    st.sampled_from(AWKWARD_NUMBERS)
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
)
scalars = st.none() | st.booleans() | numbers | texts


def json_values(names: st.SearchStrategy[str] = texts, leaves: int = 12) -> st.SearchStrategy[Any]:
    """Return a strategy for JSON values whose objects have members of these names."""
    return st.recursive(
        scalars,
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(names | texts, inner, max_size=4)
        ),
        max_leaves=leaves,
    )


def to_text(value: Any) -> bytes:
    """Return JSON as a sender would write it: NaN and lone surrogates are the sender's affair."""
    return json.dumps(value).encode()
