import pytest

from function_kit.metrics_namespace import NAMESPACE
from stacks.stage.app_name import APP_NAME, DEFAULT_APP_NAME, app_name, metrics_namespace
from stacks.stage.config import stage_config
from stacks.stage.config_fields import ConfigInvalid
from tests.sample.paths import STAGES

ACCOUNT_ID = "123456789012"
LONGEST_STAGE = "s" * 16
MOST_OF_A_PREFIX = 63


@pytest.mark.parametrize("name", ["a", "my-api", "shop2", "a-1", "s" * 32])
def test_a_name_is_taken_as_it_is(name: str) -> None:
    assert app_name({"app_name": name}) == name


def test_without_a_name_it_is_the_default() -> None:
    assert app_name({}) == app_name({"app_name": None}) == DEFAULT_APP_NAME


@pytest.mark.parametrize(
    "name",
    [
        *("", "My-api", "1-api", "-api", "api-", "my--api", "my_api", "my api", "my-api\n"),
        *("s" * 33, 3, ["a"], "my-aws-api", "cognito", "amazonas"),
    ],
)
def test_another_name_is_refused_with_what_it_must_be(name: object) -> None:
    with pytest.raises(ConfigInvalid) as caught:
        app_name({"app_name": name})
    assert str(caught.value) == f"context.app_name is {name!r}: it must be {APP_NAME.allowed}"


def test_the_longest_names_fit_into_the_prefix_of_a_pools_domain() -> None:
    longest = app_name({"app_name": "s" * 32})
    config = stage_config(LONGEST_STAGE, {LONGEST_STAGE: STAGES["dev"]}, None, longest)
    assert len(f"{config.prefix}-{ACCOUNT_ID}") <= MOST_OF_A_PREFIX


def test_functions_without_a_namespace_of_their_own_write_the_default_apps() -> None:
    assert metrics_namespace(DEFAULT_APP_NAME) == NAMESPACE
    assert metrics_namespace("my-api-2") == "MyApi2"
