"""A stage behind CloudFront: who asks for its header, by what decisions are kept, who gets it."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from local.template.read import read_local_app
from stacks.stage.config_fields import ConfigInvalid
from tests.synth.everything_on import CERTIFICATE
from tests.synth.synthesis import Synthesis, synthesise, table_of

VALUE = "3f" * 32
DIGEST = sha256(VALUE.encode()).hexdigest()
HEADER = "$request.header.x-origin-verify"
ROUTES = ("GET /health", "GET /me", "GET /whoami", "GET /orders", "GET /inventory/{item}")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    return synthesise(
        tmp_path_factory.mktemp("origin-header") / "cdk.out",
        access=table_of(*ROUTES),
        origin_header_sha256=[DIGEST],
        domain={"name": "api.orders.internal", "certificate_arn": CERTIFICATE},
        http_backends={"inventory": {"url": "https://inventory.internal"}},
    )


def test_the_authorizer_is_told_the_digest_and_nobody_the_value(made: Synthesis) -> None:
    variables = made.function("authorizer")["Environment"]["Variables"]
    assert json.loads(variables["ORIGIN_HEADER_SHA256"]) == [DIGEST]
    assert VALUE not in json.dumps([made.identity, made.api])


def test_a_decision_is_kept_by_the_header_too(made: Synthesis) -> None:
    """Otherwise one that CloudFront's request was given would serve a request past it."""
    kept = ["$request.header.Authorization", "$context.routeKey", HEADER]
    assert made.authorizer_of("GET /whoami")["IdentitySource"] == kept
    by_cookie = made.authorizer_of("GET /orders")
    assert "IdentitySource" not in by_cookie
    assert by_cookie["AuthorizerResultTtlInSeconds"] == 0


def test_the_name_leads_to_cloudfront_and_has_no_record_here(made: Synthesis) -> None:
    assert made.only("AWS::ApiGatewayV2::DomainName")["DomainName"] == "api.orders.internal"
    assert not made.resources("AWS::Route53::RecordSet")
    assert "ApiDomainTarget" in made.api["Outputs"]


def test_an_http_backend_is_not_told_the_value(made: Synthesis) -> None:
    mapped = made.integration_of("GET /inventory/{item}")["RequestParameters"]
    assert "remove:header.x-origin-verify" in mapped


def test_synth_names_the_routes_that_a_call_past_cloudfront_reaches(made: Synthesis) -> None:
    told = [line for line in read_local_app(made.folder).warnings if "origin_header" in line]
    assert len(told) == 2
    assert "a public route, for nobody decides about it: GET /health;" in told[0]
    assert "a jwt route, for the built-in authorizer looks at no header" in told[1]
    assert ": GET /me;" in told[1]


def test_a_stage_without_it_has_nothing_of_it(dev: Synthesis) -> None:
    assert "ORIGIN_HEADER_SHA256" not in dev.function("authorizer")["Environment"]["Variables"]
    assert "x-origin-verify" not in json.dumps([dev.identity, dev.api])


def test_more_values_than_a_change_needs_are_refused(folder: Path) -> None:
    three = [sha256(text).hexdigest() for text in (b"a", b"b", b"c")]
    with pytest.raises(ConfigInvalid, match="origin_header_sha256 has 3 digests"):
        synthesise(folder, origin_header_sha256=three)
