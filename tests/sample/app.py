"""The app that our own tests synthesise and serve: `python -m local up --app tests.sample.app`."""

import sys
from pathlib import Path

from stacks.app_sources import AppSources
from stacks.command import run
from tests.sample.access import ACCESS

APP = AppSources(access=ACCESS, cdk_json=Path(__file__).resolve().parent / "cdk.json")

if __name__ == "__main__":
    run(APP, sys.argv[1:])
