"""The header that CloudFront adds: which values pass, and what of them the authorizer is told."""

import json
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest

from authorizer.errors import OriginHeaderInvalid
from authorizer.handler import build
from authorizer.origin_header import NAME, OriginHeader
from authorizer.policy import RoutePolicy
from authorizer.response import Unauthorized
from authorizer.settings import Settings
from aws_jwt_authorizer.authorizers.gateway_authorizers import ORIGIN_HEADER
from aws_jwt_authorizer.function_sources import LAMBDA_SRC
from jwt_verifier.errors import SettingsInvalid
from stacks.stage.domain_checks import MOST_DIGESTS
from tests.attacks.gateway_event import bearer
from tests.issuer import Issuer, serve_issuer
from tests.policies import policy_document

VALUE, NEXT = "3f" * 32, "a7" * 32


def digest(value: str) -> str:
    return sha256(value.encode()).hexdigest()


def header(*values: str) -> OriginHeader:
    return OriginHeader.parse(json.dumps([digest(value) for value in values]))


def event(headers: object) -> dict[str, Any]:
    return {"headers": headers}


@pytest.mark.parametrize("name", [NAME, "X-Origin-Verify"])
def test_either_of_two_values_passes_while_one_takes_the_other_s_place(name: str) -> None:
    for value in (VALUE, NEXT):
        header(VALUE, NEXT).check(event({name: value}))
    with pytest.raises(OriginHeaderInvalid):
        header(NEXT).check(event({name: VALUE}))


@pytest.mark.parametrize(
    "headers",
    [
        None,
        {},
        {NAME: ""},
        {NAME: None},
        {NAME: [VALUE]},
        {NAME: VALUE, "X-Origin-Verify": VALUE},
        {NAME: f"{VALUE},{VALUE}"},
        {NAME: f"{VALUE} "},
        {NAME: VALUE[:-1]},
        {NAME: VALUE.upper()},
        {NAME: digest(VALUE)},
        {NAME: "\ud800"},
        {"x-origin-verif": VALUE},
    ],
)
def test_whatever_else_stands_there_is_refused(headers: object) -> None:
    with pytest.raises(OriginHeaderInvalid):
        header(VALUE).check(event(headers))


@pytest.mark.parametrize("odd", [None, [], "x"])
def test_an_event_without_headers_is_refused(odd: object) -> None:
    with pytest.raises(OriginHeaderInvalid):
        header(VALUE).check(odd)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "ORIGIN_HEADER_SHA256: "),
        ("{}", "ORIGIN_HEADER_SHA256: give a JSON array of one or two digests"),
        ("[]", "ORIGIN_HEADER_SHA256: give a JSON array of one or two digests"),
        (json.dumps([digest(str(n)) for n in range(3)]), "one or two digests"),
        (json.dumps([VALUE.upper()]), r"ORIGIN_HEADER_SHA256\[0\]: not a SHA-256 digest; give 64"),
        (json.dumps([digest(VALUE), 7]), r"ORIGIN_HEADER_SHA256\[1\]: not a SHA-256 digest"),
    ],
)
def test_a_wrong_variable_is_named_and_never_shown(text: str, problem: str) -> None:
    with pytest.raises(SettingsInvalid, match=problem) as refused:
        OriginHeader.parse(text)
    assert VALUE.upper() not in str(refused.value)


@pytest.fixture(scope="module")
def served() -> Iterator[Issuer]:
    with serve_issuer() as issuer:
        yield issuer


def test_a_good_token_past_cloudfront_is_refused_by_name_and_the_value_is_not_logged(
    served: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    issuers = [{"name": "partner", "issuer": served.url, "audiences": ["api"]}]
    variables = {"ISSUERS": json.dumps(issuers), "POLICY_FILE": "unread"}
    told = {**variables, "ORIGIN_HEADER_SHA256": json.dumps([digest(VALUE)])}
    policy = RoutePolicy.from_json(policy_document({"GET /orders": {}}))
    request = bearer(served.mint(aud="api"))
    assert build(Settings.from_env(variables), policy)(request)["isAuthorized"] is True
    authorizer = build(Settings.from_env(told), policy)
    guess = {**request, "headers": {**request["headers"], NAME: NEXT}}
    for detour in (request, guess):
        with pytest.raises(Unauthorized):
            authorizer(detour)
    by_cloudfront = {**request, "headers": {**request["headers"], NAME: VALUE}}
    assert authorizer(by_cloudfront)["isAuthorized"] is True
    lines = capsys.readouterr().out
    reasons = [json.loads(line).get("reason") for line in lines.splitlines()]
    assert reasons.count("origin_header_invalid") == 2
    assert VALUE not in lines
    assert NEXT not in lines


LOADED = """
import sys
import authorizer.handler
from authorizer.settings import Settings
variable = dict([sys.argv[2:]] if sys.argv[2:] else [])
Settings.from_env({"ISSUERS": sys.argv[1], "POLICY_FILE": "p", **variable})
print("authorizer.origin_header" in sys.modules)
"""


@pytest.mark.parametrize("variable", [(), ("ORIGIN_HEADER_SHA256", json.dumps(["0" * 64]))])
def test_a_stage_without_it_does_not_load_the_module(variable: tuple[str, ...]) -> None:
    issuers = [{"name": "a", "issuer": "https://a.example", "audiences": ["api"]}]
    command = [sys.executable, "-c", LOADED, json.dumps(issuers), *variable]
    done = subprocess.run(command, cwd=LAMBDA_SRC, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(bool(variable))


def test_what_is_deployed_and_what_runs_know_one_header() -> None:
    assert ORIGIN_HEADER == NAME
    assert MOST_DIGESTS == 2
