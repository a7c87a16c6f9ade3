"""A stage of the sample app -> a cloud assembly that the emulator can be given."""

import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from aws_jwt_authorizer.access.rules import AccessTable
from stacks import assembly
from tests.deployment.lacking import without_what_is_lacking
from tests.sample.access import ACCESS

Template = dict[str, Any]


def synthesise(
    folder: Path,
    stage: str,
    cdk_json: Path,
    *,
    access: AccessTable = ACCESS,
    bundles_of: Path | None = None,
    **fields: object,
) -> Path:
    """Synthesise a stage into a folder, bundled for this machine.

    Args:
        folder: Where CDK writes.
        stage: A stage of cdk.json.
        cdk_json: The file with the stages.
        access: The access table.
        bundles_of: An assembly whose bundles are used again where they are the same.
        fields: Fields of the stage that differ from cdk.json's.
    """
    if bundles_of:
        shutil.copytree(bundles_of, folder)
    app = assembly.new_app(cdk_json, str(folder))
    stages = app.node.try_get_context("stages")
    app.node.set_context("stages", {**stages, stage: {**stages[stage], **fields}})
    app.node.set_context("stage", stage)
    app.node.set_context("bundle_for", "host")
    assembly.build(app, access)
    app.synth()
    for path in folder.glob("*.template.json"):
        change_template(folder, path.name.removesuffix(".template.json"), without_what_is_lacking)
    return folder


def changed(folder: Path, of: Path, stack: str, change: Callable[[Template], Template]) -> Path:
    """A copy of an assembly, with the template of one stack changed."""
    shutil.copytree(of, folder)
    change_template(folder, stack, change)
    return folder


def change_template(folder: Path, stack: str, change: Callable[[Template], Template]) -> None:
    """Change the template of one stack, and the name by which the assembly publishes it."""
    file = folder / f"{stack}.template.json"
    text = json.dumps(change(json.loads(file.read_text(encoding="utf-8"))), indent=1)
    file.write_text(text, encoding="utf-8")
    assets = folder / f"{stack}.assets.json"
    files = json.loads(assets.read_text(encoding="utf-8"))["files"]
    [before] = [key for key, item in files.items() if item["source"]["path"] == file.name]
    after = sha256(text.encode()).hexdigest()
    for named in (assets, folder / "manifest.json"):
        named.write_text(named.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
