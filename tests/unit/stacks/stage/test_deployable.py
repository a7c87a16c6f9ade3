"""Why a stage may not be deployed, as the commands tell it."""

from dataclasses import replace
from typing import Any

import pytest

from stacks.stage.config import StageConfig, stage_config
from stacks.stage.deploy.deployable import reasons_not_to_deploy
from stacks.stage.deploy.placeholders import placeholder_urls
from stacks.stage.parts.addresses import IssuerAddress, PublicAddress
from stacks.stage.parts.client_addresses import ClientAddresses
from stacks.stage.parts.identity_provider import IdentityProvider
from tests.sample.paths import STAGES

PLACE = {"account": "111122223333", "region": "eu-west-1"}
OWN_URLS: dict[str, Any] = {
    "clients": {"web": ClientAddresses(("https://app.orders.dev/callback",))},
    "allowed_origins": ("https://app.orders.dev",),
}


def stage(name: str, **fields: Any) -> StageConfig:
    return replace(stage_config(name, STAGES), **fields)


def test_the_stage_of_this_machine_is_never_deployed() -> None:
    [reason] = reasons_not_to_deploy(stage("local", **PLACE), {})
    assert reason.startswith("the stage local is served on this machine and never deployed")


def test_a_stage_for_development_goes_wherever_the_credentials_are() -> None:
    assert reasons_not_to_deploy(stage("dev"), {}) == []


@pytest.mark.parametrize(
    ("fields", "environ", "missing"),
    [
        ({}, {}, ["account", "region"]),
        ({"account": "111122223333"}, {}, ["region"]),
        ({}, {"CDK_DEPLOY_REGION": "eu-west-1"}, ["account"]),
        (PLACE, {}, []),
        ({}, {"CDK_DEPLOY_ACCOUNT": "111122223333", "CDK_DEPLOY_REGION": "eu-west-1"}, []),
    ],
)
def test_a_stage_that_keeps_its_users_says_where_they_are(
    fields: dict[str, str], environ: dict[str, str], missing: list[str]
) -> None:
    reasons = reasons_not_to_deploy(stage("prod", **OWN_URLS, **fields), environ)
    assert [reason.split(" ")[0] for reason in reasons] == [
        f"context.stages.prod.{name}" for name in missing
    ]
    assert all("retain is true" in reason and "\n" not in reason for reason in reasons)


def test_an_environment_that_disagrees_is_a_reason() -> None:
    environ = {"CDK_DEPLOY_REGION": "us-east-1"}
    [reason] = reasons_not_to_deploy(stage("prod", **OWN_URLS, **PLACE), environ)
    assert "CDK_DEPLOY_REGION is 'us-east-1'" in reason


def test_every_reason_is_told_at_once() -> None:
    assert len(reasons_not_to_deploy(stage("prod"), {})) == 3


def test_the_urls_of_the_sample_are_placeholders() -> None:
    assert placeholder_urls(stage("prod")) == (
        "context.stages.prod has placeholder URLs: clients.web (app.example.com), "
        "allowed_origins (app.example.com): "
        "write your own there before you deploy"
    )
    assert placeholder_urls(stage("local")) is None
    mobile = {"mobile": ClientAddresses(("com.example.shop:/callback",))}
    assert "clients.mobile (com.example.shop)" in str(
        placeholder_urls(stage("dev", clients=mobile))
    )
    own = {"mobile": ClientAddresses(("dev.orders.shop:/callback",))}
    assert placeholder_urls(stage("dev", clients=own)) is None
    assert placeholder_urls(stage("dev")) is None


@pytest.mark.parametrize(
    ("url", "placeholder"),
    [
        ("https://example.org", True),
        ("https://EXAMPLE.net:8443/a", True),
        ("https://login.partner.example/", True),
        ("https://api.test", True),
        ("https://a.invalid.", True),
        ("https://example.de", False),
        ("https://example.com.orders.dev", False),
        ("https://myexample.com", False),
        ("https://orders.dev/example.com", False),
        ("https://contest", False),
        ("http://localhost:5173", False),
    ],
)
def test_a_host_that_nobody_can_register_is_a_placeholder(url: str, placeholder: bool) -> None:
    said = placeholder_urls(stage("dev", allowed_origins=(url,)))
    assert (said is not None) is placeholder


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"issuers": {"partner": IssuerAddress("https://a.example", ("x",))}}, "issuers.partner"),
        (
            {"issuers": {"p": IssuerAddress("a", ("x",), jwks_uri="https://keys.example/k")}},
            "issuers.p",
        ),
        ({"http_backends": {"stock": PublicAddress("https://a.example")}}, "http_backends.stock"),
        (
            {
                "identity_providers": (
                    IdentityProvider(
                        "corp", "OIDC", {"oidc_issuer": "https://a.example"}, None, None, {}
                    ),
                )
            },
            "identity_providers.corp",
        ),
    ],
)
def test_no_address_of_a_stage_may_be_a_placeholder(fields: dict[str, Any], field: str) -> None:
    said = placeholder_urls(stage("dev", **fields))
    assert said is not None
    assert f": {field} (" in said
