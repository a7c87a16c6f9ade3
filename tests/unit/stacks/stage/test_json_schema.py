"""cdk.schema.json says of a stage what synth says of it, sample by sample."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from stacks.stage.config import stage_config
from stacks.stage.config_fields import ConfigInvalid
from stacks.stage.fields import CHECKS, PARTS
from stacks.stage.json_schema import cdk_json_schema
from tests.unit.stacks.stage.test_domain import (
    DOMAIN,
    IN_CLOUDFRONT,
    TRUSTSTORE,
    WEB_ACL,
    ZONE,
)

ROOT = Path(__file__).parents[4]
CDK_JSON = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))
STAGES = CDK_JSON["context"]["stages"]
VALIDATOR = Draft202012Validator(cdk_json_schema())

SECRET = {"secret": "prod/login", "json_key": "client_secret"}
SOCIAL = {"client_id": "id-1", "client_secret": SECRET, "attributes": {"email": "email"}}
OIDC = {"kind": "oidc", "issuer": "https://login.example", "scopes": ["openid"], **SOCIAL}
SAML = {"kind": "saml", "metadata_url": "https://idp.example/m", "attributes": {"email": "e"}}
APPLE = {"kind": "apple", "client_id": "a", "team_id": "T", "key_id": "K", "private_key": SECRET}
PAGE = {"name": "partner", "client_id": "p", "client_secret": SECRET, "scopes": ["openid"]}
SENDER = {"address": "no-reply@shop.example", "region": "eu-west-1"}
ALB = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/a/50dc6c495c0c9188/f2"
LINK = {"subnet_ids": ["subnet-0a1b2c3d"], "security_group_ids": ["sg-0123456789abcdef0"]}

URLS = [
    "https://app.example.com",
    "https://app.example.com/",
    "https://app.example.com:8443/a?b=c",
    "https://app.example.com:0/",
    "https://app.example.com:65536/",
    "https://app.example.com/#top",
    "https://app.example.com/ ",
    "https://app.example.com:port/",
    "https://user@app.example.com/",
    "https://App.example.com",
    "https://[::1]:3000",
    "https://",
    "https://bücher.example",
    "http://localhost:5173",
    "http://127.0.0.1",
    "http://[::1]:3000/",
    "http://localhost.example.com",
    "ftp://app.example.com",
    "app.example.com",
    "",
]
OF_ANY_FIELD: list[object] = [
    None,
    {},
    [],
    "",
    "may be",
    "auto",
    "off",
    "original",
    "essentials",
    "INFO",
    "say",
    "own",
    "none",
    "arn:aws:sns:eu-west-1:123456789012:pager",
    ["oncall@example.com"],
    -1,
    0,
    1,
    7,
    15,
    60,
    1500,
    1.5,
    True,
]
OF_ANY_FIELD += [[1], ["x", "x"], *URLS, *([url] for url in URLS)]
OTHERS = {"url": "https://x.example", "audiences": ["a"]}
OF_ANY_PART: list[object] = [{}, [], None, "s3cret", {"a": 1}]
OF_PARTS: list[tuple[str, object]] = [
    *(("domain_prefix", prefix) for prefix in ("a", "a-", "A", "a.b", "x" * 64, "my-aws")),
    *(("allowed_headers", [name]) for name in ("x-request-id", "traceparent", "X-Id", "x id", "*")),
    *((part, value) for part in PARTS for value in OF_ANY_PART),
    *(
        ("route_throttles", {"GET /me": limits})
        for limits in (
            *({"rate_per_second": rate, "burst": 1} for rate in (0, 1, 10_000, 10_001, "1", True)),
            {"rate_per_second": 1},
            {"rate_per_second": 1, "burst": 1, "more": 1},
        )
    ),
    *(("issuers", {"partner": {"url": url, "audiences": ["a"]}}) for url in URLS),
    *(
        ("email_sender", sender)
        for sender in (
            SENDER,
            {**SENDER, "verified_domain": "shop.example", "name": "Bücher & more"},
            {"address": "no-reply@shop.example"},
            {**SENDER, "region": "eu-central-1"},
            {**SENDER, "more": 1},
            *(
                {**SENDER, "address": address}
                for address in ("a", "a@b", "<a@b.example>", "a b@c.d")
            ),
            *({**SENDER, "name": name} for name in ("", "x" * 65, "a\nb", "<b>", '"b"')),
            *(
                {**SENDER, "verified_domain": domain}
                for domain in ("", "shop", "https://x.example")
            ),
        )
    ),
    ("issuers", {"partner": {"url": "https://x.example"}}),
    ("issuers", {"partner": {"url": "https://x.example", "client_ids": ["c"]}}),
    ("issuers", {"partner": {"url": "x.example", "client_ids": ["c"]}}),
    *(
        ("issuers", {"partner": {"url": "x.example", "audiences": ["a"], "jwks_uri": url}})
        for url in URLS
    ),
    ("issuers", {"partner": {"url": "https://x.example", "audiences": []}}),
    ("issuers", {"partner": {"url": "https://x.example", "audiences": ["a", "a"]}}),
    ("issuers", {"partner": {"url": "https://x.example", "audiences": ["a"], "more": 1}}),
    *(("http_backends", {"a": {"url": url}}) for url in URLS),
    ("http_backends", {"a": {"alb_listener_arn": ALB, **LINK}}),
    ("http_backends", {"a": {"alb_listener_arn": ALB, **LINK, "server_name": "a.example"}}),
    ("http_backends", {"a": {"alb_listener_arn": ALB, **LINK, "server_name": "A"}}),
    ("http_backends", {"a": {"alb_listener_arn": ALB, "url": "https://x.example", **LINK}}),
    ("http_backends", {"a": {"service_arn": ALB, **LINK}}),
    ("http_backends", {"a": {"alb_listener_arn": ALB}}),
    ("domain", DOMAIN),
    ("domain", {**DOMAIN, "hosted_zone": ZONE, "mutual_tls": TRUSTSTORE}),
    ("domain", {**DOMAIN, "hosted_zone": {"id": "Z1"}}),
    ("domain", {**DOMAIN, "mutual_tls": {**TRUSTSTORE, "version": ""}}),
    *(("domain", {**DOMAIN, "name": name}) for name in ("a.b", "a.co", "A.co", "a.co.", "a..co")),
    ("issuer_domain", DOMAIN),
    *(("issuer_domain", {**DOMAIN, "switch": step}) for step in ("accept_both", "done", None)),
    ("issuer_domain", {**DOMAIN, "mutual_tls": TRUSTSTORE}),
    *(("issuers", {"a": {**OTHERS, "other_urls": urls}}) for urls in ([], ["https://b.example"])),
    ("issuers", {"a": {**OTHERS, "other_urls": ["http://b.example"]}}),
    ("issuers", {"a": {**OTHERS, "other_urls": ["https://b.e"], "jwks_uri": "https://b.e"}}),
    ("sign_in_domain", DOMAIN),
    ("sign_in_domain", IN_CLOUDFRONT),
    ("sign_in_domain", {**IN_CLOUDFRONT, "mutual_tls": TRUSTSTORE}),
    *(("sign_in_web_acl", acl) for acl in ("own", "none", "auto", WEB_ACL, WEB_ACL.upper())),
    *(("origin_header_sha256", [text]) for text in ("a" * 64, "A" * 64, "a" * 63)),
    ("page_issuer", PAGE),
    ("page_issuer", {**PAGE, "public_client_id": "q"}),
    ("page_issuer", {**PAGE, "private_key": SECRET}),
    ("page_issuer", {**PAGE, "scopes": ["email"]}),
    ("page_issuer", {**PAGE, "client_secret": "s3cret"}),
    *(("identity_providers", {name: OIDC}) for name in ("corp", "c", "corp_1", "google")),
    *(("identity_providers", {"corp": {**OIDC, "issuer": url}}) for url in URLS),
    ("identity_providers", {"corp": {**OIDC, "kind": "ldap"}}),
    ("identity_providers", {"corp": {**OIDC, "scopes": ["email"]}}),
    ("identity_providers", {"corp": {**OIDC, "attributes": {}}}),
    ("identity_providers", {"corp": {**OIDC, "attributes": {"email": "e", "tenant": "t"}}}),
    ("identity_providers", {"corp": {**OIDC, "client_secret": {"secret": "x"}}}),
    ("identity_providers", {"corp": SAML}),
    ("identity_providers", {"corp": {**SAML, "metadata_file": "saml.xml"}}),
    ("identity_providers", {"google": {"kind": "google", **SOCIAL}}),
    ("identity_providers", {"my-google": {"kind": "google", **SOCIAL}}),
    ("identity_providers", {"google": {"kind": "google", **SOCIAL, "scopes": ["email"]}}),
    ("identity_providers", {"amazon": {"kind": "amazon", **SOCIAL}}),
    ("identity_providers", {"facebook": {"kind": "facebook", **SOCIAL}}),
    ("identity_providers", {"facebook": {"kind": "facebook", **SOCIAL, "api_version": "v17.0"}}),
    ("identity_providers", {"facebook": {"kind": "facebook", **SOCIAL, "api_version": "17"}}),
    ("identity_providers", {"apple": {**APPLE, "attributes": {"email": "e"}}}),
    ("identity_providers", {"apple": {**APPLE, "key_id": "", "attributes": {"email": "e"}}}),
    *(
        ("clients", {"web": {field: [url]}})
        for field in ("callback_urls", "logout_urls")
        for url in (*URLS, "com.example.shop:/callback", "shop://x", "Com.example.shop:/x")
    ),
    *(("clients", {"web": {field: []}}) for field in ("callback_urls", "logout_urls")),
    *(("clients", {"cli": {"password_sign_in": value}}) for value in (True, "yes")),
    ("clients", {"web": {"urls": []}}),
    ("tags", {"team": "orders"}),
    *(("tags", {key: "x"}) for key in ("aws:x", "AWS:x", "a b", "", "x" * 129, "ö")),
    *(("tags", {"team": value}) for value in ("", "x" * 257, "a;b", 1, ["a"])),
    ("tags", {f"t{number}": "x" for number in range(51)}),
    ("mfa_mode", "off"),
]
SAMPLES = [(name, value) for name in CHECKS for value in OF_ANY_FIELD] + OF_PARTS


def synth_accepts(stage: str, fields: dict[str, Any]) -> bool:
    try:
        stage_config(stage, {stage: fields})
    except ConfigInvalid:
        return False
    return True


def schema_accepts(stage: str, fields: dict[str, Any]) -> bool:
    accepted: bool = VALIDATOR.is_valid({"context": {"stages": {stage: fields}}})
    return accepted


@pytest.mark.parametrize("stage", ["dev", "local"])
def test_the_schema_accepts_and_refuses_what_synth_does(stage: str) -> None:
    verdicts = set()
    for name, value in SAMPLES:
        fields = {**STAGES[stage], name: value}
        verdict = synth_accepts(stage, fields)
        assert schema_accepts(stage, fields) is verdict, (name, value)
        verdicts.add((name, verdict))
    for name in (*CHECKS, *PARTS):
        assert {(name, True), (name, False)} <= verdicts, name


@pytest.mark.parametrize("name", [*CHECKS, *PARTS])
def test_the_schema_asks_for_every_field(name: str) -> None:
    fields = {key: value for key, value in STAGES["dev"].items() if key != name}
    assert not schema_accepts("dev", fields)


def test_every_field_tells_an_editor_what_it_must_be() -> None:
    stages: Any = cdk_json_schema()
    fields = stages["properties"]["context"]["properties"]["stages"]["additionalProperties"]
    for name, check in CHECKS.items():
        assert fields["properties"][name]["description"] == f"Must be {check.allowed}."


def test_editors_find_the_schema_and_it_accepts_cdk_json() -> None:
    assert CDK_JSON["$schema"] == "./cdk.schema.json"
    assert VALIDATOR.is_valid(CDK_JSON)


def test_the_schema_in_the_repository_is_the_one_of_the_checks() -> None:
    kept = json.loads((ROOT / "cdk.schema.json").read_text(encoding="utf-8"))
    assert kept == cdk_json_schema(), "run `make schema`"
    Draft202012Validator.check_schema(kept)
