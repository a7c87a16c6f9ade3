"""Discovery and the key set: what any verifier needs, made without KMS."""

import pytest

from tests.integration.token_issuer.conftest import MakeClient
from tests.integration.token_issuer.faulty_aws import faulty_service
from tests.integration.token_issuer.issuer import ISSUER_URL, Issuer, answered, event

PUBLIC = (
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
    "/.well-known/jwks.json",
)


def test_discovery_names_the_issuer_to_the_letter_and_where_its_keys_are(issuer: Issuer) -> None:
    answer = issuer.get("/.well-known/openid-configuration")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert answer.body["issuer"] == ISSUER_URL
    assert answer.body["jwks_uri"] == f"{ISSUER_URL}/.well-known/jwks.json"
    assert answer.body["token_endpoint"] == f"{ISSUER_URL}/oauth2/token"
    assert answer.body["grant_types_supported"] == ["client_credentials"]


def test_oauth_clients_find_the_same_document_where_rfc_8414_has_it(issuer: Issuer) -> None:
    known = issuer.get("/.well-known/openid-configuration")
    assert issuer.get("/.well-known/oauth-authorization-server") == known


def test_no_response_type_is_announced_for_there_is_no_authorization_endpoint(
    issuer: Issuer,
) -> None:
    body = issuer.get("/.well-known/openid-configuration").body
    assert body["response_types_supported"] == []
    assert "authorization_endpoint" not in body


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_document_is_for_scripts_of_any_origin_and_answers_head(
    issuer: Issuer, path: str
) -> None:
    answer = issuer.get(path)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answered(issuer.answer(event(f"HEAD {path}"))) == answer


def test_a_token_is_not_for_scripts_of_other_origins(issuer: Issuer) -> None:
    assert "access-control-allow-origin" not in issuer.ask().headers


def test_the_key_set_holds_the_present_key_and_the_next_and_nothing_private(
    issuer: Issuer,
) -> None:
    answer = issuer.get("/.well-known/jwks.json")
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert len(answer.body["keys"]) == 2
    for key in answer.body["keys"]:
        assert key.keys() == {"kty", "n", "e", "alg", "use", "kid"}
        assert (key["kty"], key["alg"], key["use"]) == ("RSA", "RS256", "sig")


def test_neither_document_asks_kms(issuer: Issuer, make_client: MakeClient) -> None:
    with faulty_service(400, "AccessDeniedException") as kms:
        environment = issuer.beside(kms=make_client("kms", kms.url))
        assert environment.get("/.well-known/openid-configuration").status == 200
        assert environment.get("/.well-known/jwks.json").status == 200
    assert kms.calls == []


def test_any_other_route_is_not_found(issuer: Issuer) -> None:
    assert answered(issuer.answer(event("GET /oauth2/token"))).status == 404
