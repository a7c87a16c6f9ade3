"""Who sends the pool's mail, as cdk.json says it."""

from typing import Any

import pytest

from stacks.stage.config import StageConfig, stage_config
from stacks.stage.config_fields import ConfigInvalid
from stacks.stage.deploy.placeholders import placeholder_urls
from stacks.stage.parts.email_sender import EmailSender
from tests.sample.paths import STAGES

SENDER = {"address": "no-reply@mail.orders.dev", "region": "eu-west-1"}


def stage_with(sender: dict[str, Any]) -> StageConfig:
    return stage_config("dev", STAGES, {"email_sender": sender})


def test_cognito_sends_by_itself_unless_the_stage_says_who_does() -> None:
    assert stage_with({}).email_sender is None


def test_a_sender_is_an_address_or_an_address_of_a_verified_domain() -> None:
    assert stage_with(SENDER).email_sender == EmailSender(
        address="no-reply@mail.orders.dev", name=None, region="eu-west-1", verified_domain=None
    )
    whole = {**SENDER, "name": "Bücher & more", "verified_domain": "mail.orders.dev"}
    sender = stage_with(whole).email_sender
    assert sender
    assert (sender.name, sender.verified_domain) == ("Bücher & more", "mail.orders.dev")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"address": "orders"}, ".address is 'orders': it must be an e-mail address such as ada@"),
        ({"address": "a@b.example>"}, ".address is 'a@b.example>': it must be an e-mail address"),
        (
            {"region": "eu-central-1"},
            ".region is 'eu-central-1': it must be one of us-east-1, us-west-2, eu-west-1",
        ),
        ({"name": 'The "shop"'}, """.name is 'The "shop"': it must be a name of 1 to 64"""),
        (
            {"verified_domain": "orders.dev"},
            ".verified_domain is 'orders.dev', and the address is of 'mail.orders.dev': both must ",
        ),
        ({"reply_to": "a@b.example"}, ".reply_to is unknown: the fields are address, name, region"),
    ],
)
def test_what_amazon_ses_or_cognito_would_refuse_is_one_line_at_synth(
    fields: dict[str, str], words: str
) -> None:
    with pytest.raises(ConfigInvalid) as refusal:
        stage_with({**SENDER, **fields})
    assert str(refusal.value).startswith(f"context.overrides.email_sender{words}")
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("name", ["address", "region"])
def test_a_sender_without_an_address_or_a_region_is_refused(name: str) -> None:
    with pytest.raises(ConfigInvalid, match=f"email_sender.{name} is missing: it must be "):
        stage_with({key: value for key, value in SENDER.items() if key != name})


def test_an_example_address_is_never_deployed() -> None:
    assert placeholder_urls(stage_with(SENDER)) is None
    found = placeholder_urls(stage_with({**SENDER, "address": "no-reply@mail.example.com"}))
    assert found
    assert "email_sender (mail.example.com)" in found
