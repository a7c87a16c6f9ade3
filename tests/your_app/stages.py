"""app.py -> each stage of your cdk.json with the part of your table that it serves."""

import json
from dataclasses import dataclass
from functools import cache

from app import APP
from aws_jwt_authorizer.access.rules import AccessTable
from aws_jwt_authorizer.access.table_checks import check_table
from stacks.declared_routes import table_before_deployment
from stacks.stage.config import StageConfig, stage_config
from stacks.stage.fields import LOCAL_STAGE

STAGES = json.loads(APP.cdk_json.read_text(encoding="utf-8"))["context"]["stages"]
DEPLOYED = [stage for stage in STAGES if stage != LOCAL_STAGE]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage as `cdk.json` has it, and the table that it serves."""

    config: StageConfig
    table: AccessTable


@cache
def stage_of(name: str) -> Stage:
    config = stage_config(name, STAGES)
    check_table(APP.access)
    return Stage(config, table_before_deployment(APP.access, config))
