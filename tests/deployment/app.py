"""The sample app with other stages: those of the cdk.json that REHEARSED_CDK_JSON names."""

import os
from pathlib import Path

from stacks.app_sources import AppSources
from tests.sample.access import ACCESS

APP = AppSources(access=ACCESS, cdk_json=Path(os.environ["REHEARSED_CDK_JSON"]))
