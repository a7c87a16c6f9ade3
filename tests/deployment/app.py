"""The sample app with other stages: those of the cdk.json that REHEARSED_CDK_JSON names."""

import os
import sys
from pathlib import Path

from stacks.app_sources import AppSources
from stacks.command import run
from tests.sample.access import ACCESS

APP = AppSources(access=ACCESS, cdk_json=Path(os.environ["REHEARSED_CDK_JSON"]))

if __name__ == "__main__":
    run(APP, sys.argv[1:])
