"""This app, as CDK's command line and the local stack run it: your table and your stages."""

import sys
from pathlib import Path

from stacks.access import ACCESS
from stacks.app_sources import AppSources
from stacks.command import run

APP = AppSources(access=ACCESS, cdk_json=Path(__file__).resolve().parent / "cdk.json")

if __name__ == "__main__":
    run(APP, sys.argv[1:])
