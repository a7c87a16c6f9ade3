"""The access table of one stage, as JSON on stdout: `python -m stacks.declared_routes local`.

What a served template is held against: it is read from the sources alone, without CDK. Imports no
CDK.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from aws_jwt_authorizer.access.policy_document import rule_document
from aws_jwt_authorizer.access.rules import AccessTable
from aws_jwt_authorizer.access.table_checks import AccessInvalid, check_table
from aws_jwt_authorizer.function_sources import ROOT
from stacks.access import ACCESS, OWN_ISSUER
from stacks.stage.config import StageConfig, stage_config, with_issuer
from stacks.stage.config_fields import ConfigInvalid
from stacks.stage.issuer_address import IssuerAddress
from stacks.stage.stage_table import table_of_stage

_CDK_JSON = ROOT / "cdk.json"


def declared_routes(table: AccessTable, config: StageConfig) -> dict[str, object]:
    """Who checks each route of a stage, and what is asked: by route key.

    Args:
        table: A table that `check_table` has accepted.
        config: The stage.

    Raises:
        ConfigInvalid: The stage and the table do not fit.
    """
    if config.kms_issuer:
        # Its address is known once it is deployed; here it only has to be there.
        config = with_issuer(config, OWN_ISSUER, IssuerAddress("https://issuer.invalid", ()))
    return {
        route.key: {
            "authorizer": route.authorizer,
            "rule": rule_document(route.rule) if route.rule else None,
        }
        for route in table_of_stage(table, config).routes
    }


def main(arguments: Sequence[str], cdk_json: Path = _CDK_JSON) -> int:
    """Print the routes of the stage that is named, or why not; return the exit status."""
    [stage] = arguments
    try:
        stages = json.loads(cdk_json.read_text(encoding="utf-8"))["context"]["stages"]
        check_table(ACCESS)
        routes = declared_routes(ACCESS, stage_config(stage, stages))
    except (ConfigInvalid, AccessInvalid) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(routes))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
