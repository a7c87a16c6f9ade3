"""Row P10: a rule that reads a parameter of the path, and paths that read in two ways."""

from typing import Any

import pytest

from tests.attacks.bench import Bench
from tests.attacks.called_paths import FILE_ROUTE, TENANT_ROUTE, events_of, raw_path_of
from tests.attacks.forge import Mint
from tests.attacks.target import Target, policy_of

OF_PATH = {"path_parameter": "tenant"}
RULES: dict[str, Any] = {
    "a claim is equal to it": {"tenant": OF_PATH},
    "an owner": {"sub": {"be_one_of": [OF_PATH]}},
    "an array contains it": {"tenants": {"contain_all": [OF_PATH]}},
    "an array contains it or another": {"tenants": {"contain_any": [OF_PATH, "nobody"]}},
    "a claim inside another": {("org", "tenants"): {"contain_all": [OF_PATH]}},
}


@pytest.fixture(scope="module", params=RULES)
def target(request: pytest.FixtureRequest, bench: Bench) -> Target:
    own = {"claims": RULES[request.param]}
    return bench.target(policy=policy_of(**{TENANT_ROUTE: own, FILE_ROUTE: own}))


def claims_of(tenant: str) -> dict[str, Any]:
    """Whom a person is for each of the rules."""
    tenants = ["other", tenant]
    return {"sub": tenant, "tenant": tenant, "tenants": tenants, "org": {"tenants": tenants}}


def statuses(target: Target, mint: Mint, sent: str, tenant: str) -> set[int]:
    authorization = f"Bearer {mint.token(claims=mint.claims(**claims_of(tenant)))}"
    return {target.judge(event).status for event in events_of(sent, authorization)}


@pytest.mark.parametrize(
    ("sent", "raw_path"),
    [
        ("/capture/space%20value", "/capture/space value"),
        ("/capture/question%3Fvalue", "/capture/question"),
        ("/capture/hash%23value", "/capture/hash#value"),
        ("/capture/slash%2Fvalue", "/capture/slash/value"),
        ("/capture/literal%252Fvalue", "/capture/literal/value"),
        ("/capture/literal%253Fvalue", "/capture/literal?value"),
        ("/capture/literal%2525value", "/capture/literal%value"),
    ],
)
def test_the_model_of_a_raw_path_is_the_recorded_one(sent: str, raw_path: str) -> None:
    """P10: the paths of the live capture."""
    assert raw_path_of(sent) == raw_path


@pytest.mark.parametrize(
    "sent",
    [
        "/tenants/acme/orders",
        "/tenants/acme/files/a",
        "/tenants/acme/files/a/b.txt",
        "/tenants/acme/files/a/b/",
        "/tenants/acme/files/..a/b..",
    ],
)
def test_a_plain_path_of_the_tenants_own_is_allowed(sent: str, target: Target, mint: Mint) -> None:
    """P10: and of another tenant's not."""
    assert statuses(target, mint, sent, "acme") == {200}
    assert statuses(target, mint, sent, "globex") == {403}


@pytest.mark.parametrize("tenant", ["acme corp", "\u4e16\u754c", "a+b", "a.b", "..a"])
def test_a_tenants_name_may_hold_what_reads_one_way(
    tenant: str, target: Target, mint: Mint
) -> None:
    """P10: encoded once, as any client does."""
    segment = "".join(f"%{byte:02X}" for byte in tenant.encode())
    sent = f"/tenants/{segment}/orders"
    assert 200 in statuses(target, mint, sent, tenant)


@pytest.mark.parametrize(
    "segment",
    [
        "acme%2Fglobex",
        "acme%252Fglobex",
        "acme%25252Fglobex",
        "acme%3Fx",
        "acme%253Fx",
        "acme%2523x",
        "acme%23x",
        "acme%2525",
        "acme%5Cglobex",
        "%2e%2e",
        "%252e%252e",
        "%2e%2e%2Fglobex",
        "..;",
        "acme%2F..%2Fglobex",
        "acme%2F..%252Fglobex",
        "%61cme%2525",
    ],
)
@pytest.mark.parametrize("tenant", ["acme", "globex"])
def test_a_segment_that_reads_in_two_ways_is_denied(
    segment: str, tenant: str, target: Target, mint: Mint
) -> None:
    """P10: whatever the gateway makes of it."""
    assert 200 not in statuses(target, mint, f"/tenants/{segment}/orders", tenant)


@pytest.mark.parametrize("tail", ["", "%2F..%2F..%2Fglobex", "%2F..%2F..%2F..%2Fglobex"])
def test_a_path_that_is_cut_opens_no_other_tenant(tail: str, target: Target, mint: Mint) -> None:
    """P10: cut or not, it is the caller's own or nobody's."""
    sent = f"/tenants/acme%2Forders%3F{tail}/orders"
    assert 200 not in statuses(target, mint, sent, "globex")
    for event in events_of(sent, f"Bearer {mint.token(claims=mint.claims(**claims_of('acme')))}"):
        allowed = target.judge(event).status == 200
        assert not allowed or event["pathParameters"]["tenant"] == "acme"


@pytest.mark.parametrize(
    "name",
    [
        "acme/globex",
        "acme/../globex",
        "../globex",
        "acme%2Fglobex",
        "acme%",
        "acme?x",
        "acme#x",
        "..",
        ".",
        "..;",
        "acme;globex",
        "acme\\globex",
    ],
)
def test_a_name_that_reads_in_two_ways_opens_no_path(name: str, target: Target, mint: Mint) -> None:
    """P10: a person who may choose a name chooses one that equals a crafted segment."""
    once = "".join(f"%{byte:02X}" for byte in name.encode())
    for segment in (once, once.replace("%", "%25"), once.replace("%", "%2525")):
        assert 200 not in statuses(target, mint, f"/tenants/{segment}/orders", name)


@pytest.mark.parametrize(
    "rest",
    ["../../globex/files/x", "%2e%2e/%2e%2e/globex", "a/..;/..;/x", "a/%252e%252e/x", "a%5C..%5Cx"],
)
def test_the_rest_of_a_path_cannot_lead_to_another_tenant(
    rest: str, target: Target, mint: Mint
) -> None:
    """P10: a server that removes dot segments would answer for somebody else."""
    assert 200 not in statuses(target, mint, f"/tenants/acme/files/{rest}", "acme")
