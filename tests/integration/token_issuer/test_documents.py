"""Discovery and the key set: what any verifier needs, made without KMS."""

from tests.integration.token_issuer.conftest import MakeClient
from tests.integration.token_issuer.faulty_aws import faulty_service
from tests.integration.token_issuer.issuer import ISSUER_URL, Issuer, answered, event


def test_discovery_names_the_issuer_to_the_letter_and_where_its_keys_are(issuer: Issuer) -> None:
    answer = issuer.get("/.well-known/openid-configuration")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert answer.body["issuer"] == ISSUER_URL
    assert answer.body["jwks_uri"] == f"{ISSUER_URL}/.well-known/jwks.json"
    assert answer.body["token_endpoint"] == f"{ISSUER_URL}/oauth2/token"
    assert answer.body["grant_types_supported"] == ["client_credentials"]


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
