"""Where the parts of the sample are."""

import json
from pathlib import Path

HERE = Path(__file__).resolve().parent
APP_MODULE = "tests.sample.app"
CDK_JSON = HERE / "cdk.json"
BACKENDS = HERE / "lambda_src"
STAGES = json.loads(CDK_JSON.read_text(encoding="utf-8"))["context"]["stages"]
