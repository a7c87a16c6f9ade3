"""What docs/issuers.md says to write into a rule, against a token of each provider's shape."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aws_jwt_authorizer.access import presets, rules
from aws_jwt_authorizer.access.conditions import path_of
from aws_jwt_authorizer.access.issuers import Issuer
from aws_jwt_authorizer.access.rules import Contains, Rule, TokenUse
from aws_jwt_authorizer.access.table_checks import AccessInvalid
from tests.attacks.gateway_event import gateway_event
from tests.integration.issuers.provider import answer, judged_event, table, token, verified
from tests.integration.issuers.shape import Shape
from tests.integration.issuers.shapes import SHAPES
from tests.integration.issuers.shapes_without_preset import EVERY_SHAPE, WITHOUT_PRESET

PAGE = (Path(__file__).parents[3] / "docs" / "issuers.md").read_text(encoding="utf-8")
VOCABULARY = {name: getattr(rules, name) for name in rules.__all__}
WRITTEN = dict(re.findall(r"^\| ([^|`]+) \| `([^`|]+=[^`|]+)` \|$", PAGE, re.MULTILINE))


def rule(name: str) -> Rule:
    """What the page says to ask of a token of this shape."""
    made: Rule = eval(f"Rule({WRITTEN[name]})", dict(VOCABULARY))  # noqa: S307  # our own page
    return replace(made, issuers=(EVERY_SHAPE[name].issuer.name,))


def of_others(shape: Shape, asked: Rule) -> Iterator[dict[str, Any]]:
    """For each claim that a rule reads, the same claim with other values, and none of it."""
    read = {path_of(claim)[0] for claim in asked.claims or {}}
    if asked.groups_any:
        read |= {"cognito:groups", *(shape.issuer.groups_claim or ("groups",))[:1]}
    if asked.scopes_all or asked.scopes_any:
        read |= {"scope", "scp"}
    for name in sorted(read & shape.claims.keys()):
        yield {name: _otherwise(shape.claims[name])}
        if name != "sub":
            yield {name: None}


def _otherwise(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case str():
            return f"{value}x"
        case list():
            return [_otherwise(item) for item in value]
        case dict():
            return {name: _otherwise(item) for name, item in value.items()}
    raise AssertionError(value)


def test_the_page_has_a_rule_for_every_shape_and_no_other() -> None:
    assert WRITTEN.keys() == EVERY_SHAPE.keys()


@pytest.mark.parametrize("name", WITHOUT_PRESET)
def test_a_token_of_an_issuer_without_preset_is_read_whole(name: str) -> None:
    shape = WITHOUT_PRESET[name]
    read = verified(shape)
    assert (read.issuer, read.issuer_name) == (shape.claims["iss"], shape.issuer.name)
    assert (read.token_use, read.client_id) == (shape.token_use, shape.client_id)
    assert (read.scopes, read.groups, read.roles) == (shape.scopes, shape.groups, shape.roles)


@pytest.mark.parametrize("name", EVERY_SHAPE)
def test_the_rule_lets_the_documented_token_in_and_hands_on_its_client(name: str) -> None:
    shape = EVERY_SHAPE[name]
    verdict = answer(shape, rule(name))
    assert (verdict.status, verdict.reason) == (200, "allowed")
    assert verdict.context["client_id"] == (shape.client_id or "")


@pytest.mark.parametrize("name", EVERY_SHAPE)
def test_the_rule_keeps_out_a_token_that_says_otherwise(name: str) -> None:
    shape = EVERY_SHAPE[name]
    others = list(of_others(shape, rule(name)))
    assert others
    for changes in others:
        assert answer(shape, rule(name), **changes).status == 403, changes


@pytest.mark.parametrize("use", TokenUse)
@pytest.mark.parametrize("name", EVERY_SHAPE)
def test_a_use_that_tokens_state_can_be_asked_for_and_another_stops_synth(
    name: str, use: TokenUse
) -> None:
    shape = EVERY_SHAPE[name]
    asked = replace(rule(name), token_use=use, scopes_all=())
    if shape.token_use == use:
        assert answer(shape, asked).status == 200
    elif shape.issuer.is_pool or name == "another user pool":
        table(shape.issuer, asked)  # a user pool makes both, and each says which it is
    elif name in SHAPES or shape.token_use:
        with pytest.raises(AccessInvalid) as caught:
            table(shape.issuer, asked)
        stated = "are for" if shape.token_use else "never say what they are for"
        told = f"token_use is '{use}', and tokens of issuer '{shape.issuer.name}' {stated}"
        assert told in str(caught.value)
        assert "\n" not in str(caught.value)
    else:
        assert answer(shape, asked).reason == "token_use_not_allowed:None"


@pytest.mark.parametrize(
    "name", [name for name in SHAPES if not SHAPES[name].issuer.says_token_use]
)
def test_an_issuer_cannot_be_said_to_make_access_tokens_that_never_say_so(name: str) -> None:
    shape = SHAPES[name]
    with pytest.raises(AccessInvalid, match="remove its token_use, its tokens never say"):
        table(replace(shape.issuer, token_use=TokenUse.ACCESS))


OBJECTS = [
    pytest.param(name, claim, id=f"{name}-{claim}")
    for name, shape in SHAPES.items()
    for claim, held in shape.claims.items()
    if isinstance(held, dict)
]


def test_there_are_presets_that_nest() -> None:
    assert {param.id for param in OBJECTS} >= {
        *("Keycloak-realm_access", "Keycloak-resource_access", "Clerk-o", "Firebase-firebase"),
        *("Supabase-app_metadata", "EKS-kubernetes.io", "AWS STS-https://sts.amazonaws.com/"),
    }


@pytest.mark.parametrize(("name", "claim"), OBJECTS)
@pytest.mark.parametrize("separator", [".", "/", ":"])
def test_a_member_of_an_object_by_a_flat_name_stops_synth_and_shows_its_path(
    name: str, claim: str, separator: str
) -> None:
    shape = SHAPES[name]
    member = next(iter(shape.claims[claim]))
    asked = Rule((shape.issuer.name,), claims={f"{claim}{separator}{member}": Contains("x")})
    with pytest.raises(AccessInvalid) as caught:
        table(shape.issuer, asked)
    assert f"inside {claim!r}: write {(claim, member)!r}" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("name", "claim"), OBJECTS)
def test_an_object_that_is_asked_for_whole_stops_synth(name: str, claim: str) -> None:
    shape = SHAPES[name]
    for asked in (claim, (claim,)):
        with pytest.raises(AccessInvalid, match="is an object in tokens of issuer"):
            table(shape.issuer, Rule((shape.issuer.name,), claims={asked: "x"}))
    for field in ("scopes_claim", "groups_claim", "roles_claim", "client_claim"):
        with pytest.raises(AccessInvalid, match=f"{field} .* is an object in its tokens"):
            table(replace(shape.issuer, **{field: (claim,)}))  # type: ignore[arg-type]  # a path


def test_a_flat_name_of_a_claim_for_backends_is_told_too() -> None:
    account = {"account": "https://sts.amazonaws.com/aws_account"}
    with pytest.raises(AccessInvalid, match=r"CLAIMS_FOR_BACKENDS\['account'\]: .* inside"):
        table(SHAPES["AWS STS"].issuer, claims_for_backends=account)


@pytest.mark.parametrize(
    ("name", "path", "handed_on"),
    [
        ("Keycloak", ("realm_access", "roles"), '["customer","offline_access"]'),
        ("Entra ID v2.0, an app", ("roles",), '["Orders.Read.All"]'),
        ("Auth0", ("permissions",), '["read:orders","write:orders"]'),
        ("Clerk", ("o", "rol"), "admin"),
    ],
)
def test_roles_reach_backends_by_the_claim_that_holds_them(
    name: str, path: tuple[str, ...], handed_on: str
) -> None:
    verdict = answer(EVERY_SHAPE[name], rule(name), access={"claims_for_backends": {"roles": path}})
    assert verdict.context["roles"] == handed_on


def test_roles_that_groups_claim_points_at_are_asked_for_as_groups() -> None:
    shape = SHAPES["Keycloak"]
    of_roles = replace(shape, issuer=replace(shape.issuer, groups_claim=shape.issuer.roles_claim))
    asked = Rule((shape.issuer.name,), groups_any=("customer",))
    assert answer(of_roles, asked).status == 200
    other = replace(asked, groups_any=("custom",))
    assert answer(of_roles, other).reason == "missing_group:custom"


def test_every_preset_is_among_the_shapes() -> None:
    files = [Path(__file__).with_name(name) for name in ("shapes.py", "workload_shapes.py")]
    source = "".join(file.read_text(encoding="utf-8") for file in files)
    used = set(re.findall(r"presets\.(\w+)\(", source))
    assert used == set(presets.__all__) - {"PresetInvalid"}


def test_scopes_in_an_array_grant_each_scope_and_no_more() -> None:
    """spring-authorization-server#877, IdentityServer4#4338, SimpleIdServer#957."""
    shape = SHAPES["Spring Authorization Server"]
    asked = Rule(("spring",), scopes_all=("orders.read", "orders.delete"))
    assert answer(shape, asked).reason == "missing_scope:orders.delete"


def test_tokens_without_an_audience_are_told_apart_by_a_rule() -> None:
    """clerk/javascript#8470: any audience accepted, and the page that asked told by a rule."""
    clerk = SHAPES["Clerk"]
    issuer = Issuer("clerk", "https://clerk.example.com", accept_any_audience=True)
    shape = replace(clerk, issuer=issuer)
    asked = Rule(("clerk",), claims={"azp": "https://app.example.com"})
    assert answer(shape, asked).status == 200
    assert answer(shape, asked, azp="https://evil.example").reason == "claim_mismatch:azp"


def test_an_empty_audience_is_none_where_audiences_are_configured() -> None:
    """open-policy-agent/opa#3192, jpadilla/pyjwt#388: an issuer that accepts any audience accepts each."""
    kinde = EVERY_SHAPE["Kinde"]
    named = replace(kinde, issuer=Issuer("kinde", "https://acme.kinde.com", ("api",)))
    assert answer(kinde, Rule(("kinde",))).status == 200
    verdict = answer(named, Rule(("kinde",)))
    assert (verdict.status, verdict.reason) == (401, "claim_rejected")


REFUSED: list[dict[str, Any]] = [
    *({"sub": 42}, {"jti": 7}, {"exp": "1"}, {"nbf": "soon"}, {"iss": ["a"]}, {"aud": {"a": 1}}),
]


@pytest.mark.parametrize("name", EVERY_SHAPE)
def test_a_registered_claim_of_another_type_stays_refused(name: str) -> None:
    """jpadilla/pyjwt#1017, simplejwt#831; RFC 7519 section 4.1."""
    shape = EVERY_SHAPE[name]
    for changes in REFUSED:
        assert answer(shape, Rule((shape.issuer.name,)), **changes).status == 401, changes


def test_a_scope_that_a_trigger_adds_can_be_asked_for() -> None:
    """Amazon Cognito developer guide, pre token generation trigger, scopesToAdd."""
    pool = EVERY_SHAPE["this app's user pool"]
    asked = Rule(("cognito",), scopes_all=("reports.read",))
    with pytest.raises(AccessInvalid, match="or add it to TRIGGER_SCOPES if a trigger adds it"):
        table(pool.issuer, asked)
    added = {"trigger_scopes": ("reports.read",)}
    scope = f"{pool.claims['scope']} reports.read"
    assert answer(pool, asked, access=added, scope=scope).status == 200
    assert answer(pool, asked, access=added).reason == "missing_scope:reports.read"


def test_a_group_may_be_called_as_cognito_lets_it_be() -> None:
    pool = EVERY_SHAPE["this app's user pool"]
    for group in ("team:a", "acme/admins", "caf\u00e9"):
        asked = Rule(("cognito",), groups_any=(group,))
        held = {"cognito:groups": [group]}
        assert answer(pool, asked, access={"groups": {group: "x"}}, **held).status == 200


@pytest.mark.parametrize("header", ["x-amzn-oidc-data", "cf-access-jwt-assertion"])
def test_a_header_of_a_load_balancer_or_of_cloudflare_is_not_a_credential(header: str) -> None:
    shape = EVERY_SHAPE["Cloudflare Access"]
    event = gateway_event(None)
    event["headers"] = {header: token(shape)}
    verdict = judged_event(table(shape.issuer), event, shape.algorithm)
    assert (verdict.status, verdict.reason) == (401, "token_missing")
    assert f"`{header}`" in PAGE.lower()
