"""The access table of one stage, as JSON on stdout: `python -m app routes local`.

What a served template is held against: it is read from the sources alone, without CDK. Imports no
CDK.
"""

import json

from aws_jwt_authorizer.access.policy_document import rule_document
from aws_jwt_authorizer.access.rules import AccessTable
from aws_jwt_authorizer.access.table_checks import check_table
from stacks.app_sources import AppSources
from stacks.stage.config import StageConfig, stage_config, with_issuer
from stacks.stage.fields import OWN_ISSUER
from stacks.stage.parts.addresses import IssuerAddress
from stacks.stage.stage_table import table_of_stage


def declared_routes(table: AccessTable, config: StageConfig) -> dict[str, object]:
    """Return who checks each route of a stage, and what is asked: by route key.

    Args:
        table: A table that `check_table` has accepted.
        config: The stage.

    Raises:
        ConfigInvalid: The stage and the table do not fit.
    """
    return {
        route.key: {
            "authorizer": route.authorizer,
            "any_of": rule_document(route.rule) if route.rule else None,
        }
        for route in table_before_deployment(table, config).routes
    }


def table_before_deployment(table: AccessTable, config: StageConfig) -> AccessTable:
    """Return the table of a stage, with a stand-in for the address that only its deployment gives.

    Args:
        table: A table that `check_table` has accepted.
        config: The stage.

    Raises:
        ConfigInvalid: The stage and the table do not fit.
    """
    if config.kms_issuer:
        config = with_issuer(config, OWN_ISSUER, IssuerAddress("https://issuer.invalid", ()))
    return table_of_stage(table, config)


def print_routes(sources: AppSources, stage: str) -> None:
    """Print the routes that a table declares for a stage.

    Args:
        sources: The table, and the file with the stages.
        stage: A stage's name.

    Raises:
        ConfigInvalid: The stage cannot be used, or does not fit the table.
        AccessInvalid: The table cannot be served.
    """
    stages = json.loads(sources.cdk_json.read_text(encoding="utf-8"))["context"]["stages"]
    check_table(sources.access)
    print(json.dumps(declared_routes(sources.access, stage_config(stage, stages))))
