"""The CDK app -> a cloud assembly folder for one stage.

Plain `python -m app`, no CDK command line; two runs never write at the same time, and
an assembly is used again only if neither it nor anything that it was made from has changed since.
"""

import fcntl
import re
from pathlib import Path

from local.errors import SynthFailed
from local.surroundings import ROOT
from local.template.assembly_record import AssemblyRecord
from local.this_app.synthesis.app_process import AppProcess
from local.this_app.synthesis.sources import APP_MODULE, digest_of_sources

LOCAL_FOLDER = ROOT / ".local"
"""Everything that the local stack writes."""

LOCAL_STAGE = "local"
"""The stage that is made for this machine; of all others a part is left to their deployment."""

OUTPUTS = LOCAL_FOLDER / "outputs.json"
"""Where a stack tells scripts what it serves, unless it is given another place."""

SEED = LOCAL_FOLDER / "seed"
"""What passwords, secrets and ports of `make local` are derived from; without it all are new."""

MOST_TRIES = 3
"""How often it is synthesised anew because a source has changed meanwhile."""


def synthesise(stage: str, app_module: str, prepared: AppProcess | None = None) -> Path:
    """Synthesise the app for a stage and return the cloud assembly's folder.

    Args:
        stage: A key of `context.stages` in cdk.json.
        app_module: The module that synthesises.
        prepared: A process of `prepare` that has not run yet, for the first run.

    Raises:
        SynthFailed: The app ended with an error; the message is its own last line. Or its sources
            changed again and again while it ran.
    """
    LOCAL_FOLDER.mkdir(exist_ok=True)
    assembly = _assembly(stage, app_module)
    record = AssemblyRecord(assembly)
    with (LOCAL_FOLDER / "synth.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sources = digest_of_sources(stage, app_module=app_module)
        for _ in range(MOST_TRIES):
            if record.is_of(sources):
                return assembly
            record.keep_what_is_as_made()
            process = prepared or AppProcess.started(stage, app_module, assembly)
            prepared = None
            process.run()
            # What was saved meanwhile may be in it or not: only sources that have not changed
            # are known to be what it was made from.
            before, sources = sources, digest_of_sources(stage, app_module=app_module)
            if sources == before:
                record.write(sources)
                return assembly
    raise SynthFailed(
        f"the sources changed during each of {MOST_TRIES} syntheses: wait until nothing writes "
        "into this checkout (an editor, a build, a change of branch), then start again"
    )


def prepare(stage: str, app_module: str) -> AppProcess:
    """Start a process that has imported CDK by the time that something is to be synthesised.

    It reads the app's sources when it runs, not before.

    Args:
        stage: A key of `context.stages` in cdk.json.
        app_module: The module that synthesises.
    """
    return AppProcess.prepared(stage, app_module, _assembly(stage, app_module))


def _assembly(stage: str, app_module: str) -> Path:
    """Return a folder for each stage of each app: several stacks may run in one checkout."""
    usual = {app_module: APP_MODULE, stage: LOCAL_STAGE}
    unusual = [re.sub("[^a-z0-9]", "_", name) for name in usual if name != usual[name]]
    return LOCAL_FOLDER / "-".join(["cdk.out", *unusual])
