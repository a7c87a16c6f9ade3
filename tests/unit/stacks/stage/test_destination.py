from dataclasses import replace
from typing import Any

import pytest

from stacks.stage.config import stage_config
from stacks.stage.config_fields import ConfigInvalid
from stacks.stage.deploy.destination import Destination, destination
from tests.sample.paths import STAGES

HERE = {"CDK_DEPLOY_ACCOUNT": "111122223333", "CDK_DEPLOY_REGION": "eu-west-1"}


def where(environ: dict[str, str], **fields: Any) -> Destination:
    return destination(replace(stage_config("dev", STAGES), **fields), environ)


def test_a_stage_that_says_nothing_goes_wherever_the_credentials_are() -> None:
    assert where({}) == Destination(None, None)
    assert where({"CDK_DEPLOY_ACCOUNT": "", "CDK_DEPLOY_REGION": ""}) == Destination(None, None)


def test_the_environment_says_where_if_the_stage_does_not() -> None:
    assert where(HERE) == Destination("111122223333", "eu-west-1")
    assert where(HERE, region="eu-west-1") == Destination("111122223333", "eu-west-1")


def test_the_stage_says_where() -> None:
    assert where({}, account="111122223333", region="eu-west-1") == Destination(
        "111122223333", "eu-west-1"
    )


@pytest.mark.parametrize(
    ("pinned", "variable"),
    [
        ({"account": "444455556666"}, "CDK_DEPLOY_ACCOUNT is '111122223333'"),
        ({"region": "us-east-1"}, "CDK_DEPLOY_REGION is 'eu-west-1'"),
    ],
)
def test_a_stage_and_an_environment_that_disagree_are_refused(
    pinned: dict[str, str], variable: str
) -> None:
    [(name, value)] = pinned.items()
    with pytest.raises(ConfigInvalid) as caught:
        where(HERE, **pinned)
    assert str(caught.value) == (
        f"context.stages.dev.{name} is {value!r} and the variable {variable}: "
        "unset the variable, or deploy another stage"
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CDK_DEPLOY_ACCOUNT", "prod"),
        ("CDK_DEPLOY_REGION", "eu-west-1a"),
        ("CDK_DEPLOY_REGION", "EU"),
    ],
)
def test_a_variable_that_names_nowhere_is_refused_by_its_name(variable: str, value: str) -> None:
    with pytest.raises(ConfigInvalid, match=f"the variable {variable} is '{value}': it must be"):
        where({variable: value})


@pytest.mark.parametrize("account", ["1", "1234567890123", "12345678901a", "", "١١١١٢٢٢٢٣٣٣٣"])
def test_an_account_is_twelve_digits(account: str) -> None:
    with pytest.raises(ConfigInvalid, match="account is .*: it must be auto, or the 12 digits"):
        stage_config("dev", STAGES, {"account": account})


@pytest.mark.parametrize("region", ["us-east-1", "us-gov-west-1", "ap-southeast-5"])
def test_a_region_may_be_any_that_has_the_form_of_one(region: str) -> None:
    assert stage_config("dev", STAGES, {"region": region}).region == region
