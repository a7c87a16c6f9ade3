import json

import pytest

from jwt_verifier.discovery import DiscoveryInvalid, discovery_uri, endpoint, parse_metadata

ISSUER = "https://issuer.example"


def document(**members: object) -> bytes:
    return json.dumps({"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys", **members}).encode()


@pytest.mark.parametrize("issuer", ["https://i.example/a/", "https://i.example/a"])
def test_discovery_is_found_below_the_issuer(issuer: str) -> None:
    assert discovery_uri(issuer) == "https://i.example/a/.well-known/openid-configuration"


def test_a_document_names_the_endpoints_of_its_issuer() -> None:
    assert endpoint(parse_metadata(document(), ISSUER), "jwks_uri") == f"{ISSUER}/keys"


@pytest.mark.parametrize("issuer", [f"{ISSUER}/", "https://issuer.Example", None, 7, [ISSUER]])
def test_a_document_of_another_issuer_is_told_from_a_broken_one(issuer: object) -> None:
    with pytest.raises(DiscoveryInvalid, match="names another issuer") as caught:
        parse_metadata(document(issuer=issuer), ISSUER)
    assert caught.value.is_foreign


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"null", b"\xff", b"[" * 60_000, b'{"issuer": NaN}',
     b'{"issuer": "https://issuer.example", "issuer": "https://issuer.example"}'],
)  # fmt: skip
def test_a_document_that_is_not_a_strict_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(DiscoveryInvalid, match="^the discovery document is ") as caught:
        parse_metadata(body, ISSUER)
    assert not caught.value.is_foreign


@pytest.mark.parametrize(
    "url", [None, 7, "", "http://issuer.example/k", "https://u@issuer.example"]
)
def test_an_endpoint_that_is_missing_or_not_safe_is_refused(url: object) -> None:
    metadata = parse_metadata(document(jwks_uri=url), ISSUER)
    with pytest.raises(DiscoveryInvalid, match="jwks_uri is not an https URL"):
        endpoint(metadata, "jwks_uri")
