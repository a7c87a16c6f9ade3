"""A stage's name -> LocalApp: synthesise, then read what would be deployed."""

from pathlib import Path

from local.errors import LocalError
from local.template.local_app import LocalApp
from local.template.read import read_local_app
from local.this_app.synthesis.app_process import AppProcess
from local.this_app.synthesis.synth import LOCAL_FOLDER, synthesise

_WITHOUT_EFFECT = frozenset({"Custom::IssuerReady"})
"""It makes the first keys and asks for discovery: the schedule's run at the start makes them here,
and the gateway asks for discovery itself when it is made."""


def read_this_app(assembly: Path) -> LocalApp:
    """Return what a cloud assembly of this app would deploy; see `read_local_app`."""
    return read_local_app(assembly, _WITHOUT_EFFECT)


def app_of_stage(stage: str, app_module: str, prepared: AppProcess | None = None) -> LocalApp:
    """Return what a stage would deploy, as the local stack serves it.

    Args:
        stage: A key of `context.stages` in cdk.json.
        app_module: The module that synthesises.
        prepared: See `synthesise`.

    Raises:
        LocalError: It does not synthesise or is not modelled, or the folder `.local` cannot be
            written or read; the message is one line.
    """
    try:
        return read_this_app(synthesise(stage, app_module, prepared))
    except OSError as error:
        raise LocalError(
            f"{error.filename or LOCAL_FOLDER}: {error.strerror or error}; everything is kept "
            f"below {LOCAL_FOLDER}, which must be a folder that this user may write"
        ) from error
