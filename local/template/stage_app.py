"""A stage's name -> LocalApp: synthesise, then read what would be deployed."""

from local.errors import LocalError
from local.template.local_app import LocalApp
from local.template.read import read_local_app
from local.template.synth import LOCAL_FOLDER, synthesize


def app_of_stage(stage: str) -> LocalApp:
    """What a stage would deploy, as the local stack serves it.

    Args:
        stage: A key of `context.stages` in cdk.json.

    Raises:
        LocalError: It does not synthesise or is not modelled, or the folder `.local` cannot be
            written or read; the message is one line.
    """
    try:
        return read_local_app(synthesize(stage))
    except OSError as error:
        raise LocalError(
            f"{error.filename or LOCAL_FOLDER}: {error.strerror or error}; everything is kept "
            f"below {LOCAL_FOLDER}, which must be a folder that this user may write"
        ) from error
