"""A token of each provider's documented shape, through the access table to verified claims."""

from dataclasses import replace
from typing import Any

import pytest

from aws_jwt_authorizer.access import presets
from aws_jwt_authorizer.access.presets import PresetInvalid
from jwt_verifier import TokenRejected
from tests.attacks.forge import b64, to_json
from tests.integration.issuers.provider import token, verified, verifier
from tests.integration.issuers.shapes import SHAPES, TENANT


@pytest.mark.parametrize("name", SHAPES)
def test_a_token_of_the_documented_shape_is_read_whole(name: str) -> None:
    shape = SHAPES[name]
    read = verified(shape)
    assert (read.issuer, read.issuer_name) == (shape.claims["iss"], shape.issuer.name)
    assert (read.token_use, read.client_id) == (shape.token_use, shape.client_id)
    assert (read.scopes, read.groups, read.roles) == (shape.scopes, shape.groups, shape.roles)


@pytest.mark.parametrize("name", SHAPES)
def test_a_token_for_another_api_or_app_is_refused(name: str) -> None:
    shape = SHAPES[name]
    other = {"aud": "other"} if "aud" in shape.claims else {"client_id": "other", "azp": "other"}
    with pytest.raises(TokenRejected) as refusal:
        verified(shape, **other)
    assert refusal.value.code in ("audience_mismatch", "client_mismatch")


def refused(name: str, **changes: Any) -> str:
    shape = SHAPES[name]
    with pytest.raises(TokenRejected) as refusal:
        verified(shape, **changes)
    return f"{refusal.value.code}: {refusal.value}"


def test_auth0_without_its_final_slash_is_told() -> None:
    text = refused("Auth0", iss="https://acme.eu.auth0.com")
    assert text.startswith("issuer_unknown: ")
    assert text.endswith("it differs from auth0's by a final slash only")


@pytest.mark.parametrize(
    ("configured", "sent"),
    [
        ("Entra ID v2.0, a person", "Entra ID v1.0"),
        ("Entra ID v1.0", "Entra ID v2.0, an app"),
    ],
)
def test_entras_other_version_is_told(configured: str, sent: str) -> None:
    text = refused(configured, iss=SHAPES[sent].claims["iss"])
    assert text.endswith("it is the other version (v1.0, v2.0) of entra's issuer at Entra ID")


def test_a_token_of_entra_with_an_overage_of_groups_has_none() -> None:
    shape = SHAPES["Entra ID v2.0, a person"]
    overage = {"groups": None, "_claim_names": {"groups": "src1"}}
    read = verified(shape, **overage)
    assert read.groups == ()
    assert read.roles == ("Orders.Admin",)


def test_another_app_of_okta_stays_out() -> None:
    assert refused("Okta", cid="0oa2") == "client_mismatch: cid is not accepted"


def test_okta_without_named_clients_takes_any() -> None:
    issuer = presets.okta("okta", "https://acme.okta.com/oauth2/default", audience="api://default")
    shape = replace(SHAPES["Okta"], issuer=issuer)
    assert verified(shape, cid="0oa2").client_id == "0oa2"


def test_clerk_refuses_another_page_and_a_token_of_none() -> None:
    assert refused("Clerk", azp="https://evil.example") == "client_mismatch: azp is not accepted"
    assert refused("Clerk", azp=None) == "client_mismatch: azp is not accepted"


def test_keycloak_without_an_audience_mapper_is_refused() -> None:
    assert (
        refused("Keycloak", aud="account")
        == "audience_mismatch: aud does not contain an accepted audience"
    )


def test_a_token_of_google_for_another_app_of_ours_names_it() -> None:
    issuer = presets.google("google", "1.apps.googleusercontent.com", "2.android")
    shape = replace(SHAPES["Google"], issuer=issuer)
    assert verified(shape, azp="2.android").client_id == "2.android"
    assert refused("Google", azp="2.android").startswith(
        "client_mismatch: azp of an ID token is not accepted"
    )


def test_an_id_token_of_a_second_pool_passes_too_unless_the_table_says_otherwise() -> None:
    shape = SHAPES["another user pool"]
    id_token = {"token_use": "id", "aud": "2ndclient", "client_id": None}
    assert verified(shape, **id_token).token_use == "id"


def test_a_pool_bound_to_a_resource_demands_it() -> None:
    shape = SHAPES["another user pool"]
    bound = replace(shape.issuer, audiences=("https://api.example.com",))
    shape = replace(shape, issuer=bound)
    assert verified(shape, aud="https://api.example.com").client_id == "2ndclient"
    for aud in (None, "https://other.example.com"):
        with pytest.raises(TokenRejected, match="^aud "):
            verified(shape, aud=aud)


def test_supabase_by_its_shared_secret_is_refused_by_name() -> None:
    shape = SHAPES["Supabase"]
    header, payload, signature = token(shape).split(".")
    by_secret = b64(to_json({"alg": "HS256", "kid": "k", "typ": "JWT"}))
    with pytest.raises(TokenRejected, match="^alg is not allowed for any issuer: HS256$"):
        verifier(shape.issuer, "ES256").verify(f"{by_secret}.{payload}.{signature}")
    assert header


def test_a_token_of_oktas_org_server_is_refused() -> None:
    org = replace(SHAPES["Okta"], header={"typ": "application/okta-internal-at+jwt"})
    with pytest.raises(TokenRejected, match="^typ is neither JWT nor at"):
        verified(org)


@pytest.mark.parametrize("issuer", ["https://acme.okta.com", "https://acme.okta.com/"])
def test_oktas_org_server_is_refused_by_name(issuer: str) -> None:
    with pytest.raises(PresetInvalid, match="Okta's org authorization server"):
        presets.okta("okta", issuer, audience="api://default")


@pytest.mark.parametrize("tenant", ["common", "organizations", "consumers", TENANT.upper(), ""])
def test_entra_for_many_tenants_is_refused_by_name(tenant: str) -> None:
    if tenant == TENANT.upper():
        tenant = "ABCDEFAB-2222-3333-4444-555555555555"
    with pytest.raises(PresetInvalid, match="add an issuer for each tenant that you trust"):
        presets.entra_id("entra", tenant, audience="a")


@pytest.mark.parametrize("domain", ["https://acme.eu.auth0.com", "acme.eu.auth0.com/", "acme", ""])
def test_a_domain_of_auth0_is_a_host_name(domain: str) -> None:
    with pytest.raises(PresetInvalid, match="give a host name, without scheme and slash"):
        presets.auth0("auth0", domain, audience="a")


@pytest.mark.parametrize("pool", ["AbCdEfGhI", "eu-west-1", "https://cognito-idp.eu-west-1"])
def test_a_pool_is_known_by_its_id(pool: str) -> None:
    with pytest.raises(PresetInvalid, match="give it as eu-west-1_AbCdEf123"):
        presets.cognito_pool("pool", pool, client_ids=("c",))


@pytest.mark.parametrize(
    ("pool", "url"),
    [
        ("cn-north-1_Abc", "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_Abc"),
        (
            "eusc-de-east-1_Abc",
            "https://cognito-idp.eusc-de-east-1.amazonaws.eu/eusc-de-east-1_Abc",
        ),
    ],
)
def test_a_pool_of_another_partition_has_that_partitions_domain(pool: str, url: str) -> None:
    assert presets.cognito_pool("pool", pool, client_ids=("c",)).url == url
