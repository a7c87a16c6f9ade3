"""Any path, however the gateway and the server read it: whoever is allowed asks for their own."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.attacks.bench import Bench
from tests.attacks.called_paths import (
    FILE_ROUTE,
    TENANT_ROUTE,
    events_of,
    raw_path_of,
    tenants_read_from,
)
from tests.attacks.target import Target, policy_of

OWN = {"claims": {"tenant": {"path_parameter": "tenant"}}}
PIECES = st.sampled_from(
    [
        *("acme", "globex", "orders", "files", "tenants", "a", ".", "..", ";", "+", " ", "\u4e16"),
        *("/", "?", "#", "\\", "%", "%25", "%2F", "%3F", "%23", "%5C", "%2e", "%61", "%252F"),
    ]
)
NAMES = st.lists(PIECES, min_size=1, max_size=4).map("".join)
ENCODED = {" ": "%20", "?": "%3F", "#": "%23", "\\": "%5C", "\u4e16": "%E4%B8%96"}


@pytest.fixture(scope="module")
def tenants(bench: Bench) -> Target:
    return bench.target(policy=policy_of(**{TENANT_ROUTE: OWN, FILE_ROUTE: OWN}))


def sendable(text: str) -> str:
    """What a request line can hold."""
    return "".join(ENCODED.get(character, character) for character in text)


@given(NAMES, NAMES, st.sampled_from(["orders", "files/x"]), st.lists(PIECES, max_size=4))
@example("acme", "acme", "files/x", ["/", "..", "/", "..", "/", "globex"])
@example("acme", "acme%2Forders%3F", "orders", [])
@example("..", "%2e%2e", "orders", [])
@example("a/b", "a%252Fb", "orders", [])
def test_whoever_is_allowed_asks_for_their_own_however_the_path_is_read(
    bench: Bench, tenants: Target, name: str, segment: str, place: str, rest: list[str]
) -> None:
    """P10: the token's own tenant is all that any reader finds in an allowed path."""
    sent = sendable(f"/tenants/{segment}/{place}{''.join(rest)}")
    token = bench.mint.token(claims=bench.mint.claims(tenant=name))
    for event in events_of(sent, f"Bearer {token}"):
        if tenants.judge(event).status == 200:
            assert event["pathParameters"]["tenant"] == name
            assert tenants_read_from(raw_path_of(sent)) == {name}
