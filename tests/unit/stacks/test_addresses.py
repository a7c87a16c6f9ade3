from typing import Any

import pytest

from stacks.stage.config import StageConfig, stage_config
from stacks.stage.config_fields import ConfigInvalid
from stacks.stage.parts.addresses import IssuerAddress, PrivateAddress, PublicAddress
from tests.sample.paths import STAGES

LISTENER = (
    "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/inventory/50dc6c495c0c9188/f2"
)
SERVICE = "arn:aws:servicediscovery:eu-west-1:111122223333:service/srv-abcdefghij"
LINK = {
    "subnet_ids": ["subnet-0a1b2c3d", "subnet-0e4f5a6b"],
    "security_group_ids": ["sg-0123456789abcdef0"],
}


def config(stage: str = "dev", **fields: Any) -> StageConfig:
    return stage_config(stage, STAGES, fields)


def refusal(**fields: Any) -> str:
    with pytest.raises(ConfigInvalid) as caught:
        config(**fields)
    text = str(caught.value)
    assert "\n" not in text
    return text


def of_server(**address: Any) -> str:
    return refusal(http_backends={"inventory": address})


def test_an_issuer_has_a_url_and_audiences() -> None:
    partner = {"url": "https://login.partner.example/", "audiences": ["a", "b"]}
    made = config(issuers={"partner": partner}).issuers["partner"]
    assert made == IssuerAddress("https://login.partner.example/", ("a", "b"))


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ({"audiences": ["a"]}, "partner.url is missing: it must be an https URL"),
        ({"url": "http://x.example", "audiences": ["a"]}, "partner.url is 'http://x.example': it"),
        ({"url": "https://x.example?a", "audiences": ["a"]}, "no query, no fragment"),
        ({"url": "https://x.example"}, "partner.audiences is missing"),
        ({"url": "https://x.example", "audiences": []}, "partner.audiences is []: it must be a"),
        ({"url": "https://x.example", "audiences": "a"}, "partner.audiences is 'a': it must be a"),
        (
            {"url": "https://x.example", "audiences": ["a"], "other_urls": ["x.example"]},
            "partner.other_urls is ['x.example']: it must be a list of one or more https URLs",
        ),
        (
            {
                "url": "x",
                "audiences": ["a"],
                "jwks_uri": "https://x.example/keys",
                "other_urls": ["https://y.example"],
            },
            "partner.other_urls is given beside jwks_uri: each of them is asked for its own keys",
        ),
        ({"uri": "https://x.example"}, "partner.uri is unknown: the fields are url, audiences"),
    ],
)
def test_a_wrong_issuer_is_refused_by_its_field(address: dict[str, Any], text: str) -> None:
    assert text in refusal(issuers={"partner": address})


def test_a_server_is_known_by_url() -> None:
    made = config(http_backends={"inventory": {"url": "https://x.example/base/"}})
    assert made.http_backends["inventory"] == PublicAddress("https://x.example/base")


def test_a_server_on_this_machine_is_for_the_local_stage_alone() -> None:
    here = {"inventory": {"url": "http://127.0.0.1:9000"}}
    made = config("local", http_backends=here).http_backends["inventory"]
    assert made == PublicAddress("http://127.0.0.1:9000")
    assert "must be an https URL" in refusal(http_backends=here)


def test_a_server_in_a_vpc_is_known_by_its_listener_or_its_service() -> None:
    servers = config(
        http_backends={
            "inventory": {"alb_listener_arn": LISTENER, "server_name": "i.example.com", **LINK},
            "other": {"service_arn": SERVICE, **LINK},
        }
    ).http_backends
    assert servers["inventory"] == PrivateAddress(
        LISTENER, ("subnet-0a1b2c3d", "subnet-0e4f5a6b"), ("sg-0123456789abcdef0",), "i.example.com"
    )
    assert servers["other"] == PrivateAddress(
        SERVICE, ("subnet-0a1b2c3d", "subnet-0e4f5a6b"), ("sg-0123456789abcdef0",), None
    )


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ({}, "in exactly one of url, alb_listener_arn and service_arn"),
        ({"url": "https://x.example", "service_arn": SERVICE}, "in exactly one of url,"),
        ({"url": "ftp://x.example"}, "url is 'ftp://x.example': it must be an https URL"),
        ({"url": "https://x.example", **LINK}, "inventory.subnet_ids is unknown"),
        ({"alb_listener_arn": SERVICE, **LINK}, "the ARN of an application load balancer's"),
        ({"service_arn": LISTENER, **LINK}, "the ARN of a Cloud Map service"),
        ({"service_arn": SERVICE}, "inventory.subnet_ids is missing"),
        ({"service_arn": SERVICE, **LINK, "subnet_ids": ["x"]}, "one or more subnet ids"),
        ({"service_arn": SERVICE, **LINK, "security_group_ids": []}, "more security group ids"),
        ({"service_arn": SERVICE, **LINK, "server_name": "https://x"}, "the host name of its"),
    ],
)
def test_a_wrong_server_is_refused_by_its_field(address: dict[str, Any], text: str) -> None:
    assert text in of_server(**address)
