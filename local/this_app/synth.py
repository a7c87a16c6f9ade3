"""The CDK app -> a cloud assembly folder for one stage.

Plain `python -m app`, no CDK command line; two runs never write at the same time, and
an assembly is used again only if neither it nor anything that it was made from has changed since.
"""

import fcntl
import json
import os
import re
import subprocess
import sys
from pathlib import Path

from local.errors import SynthFailed
from local.surroundings import ROOT
from local.template.assembly_record import AssemblyRecord
from local.this_app.sources import APP_MODULE, digest_of_sources

LOCAL_FOLDER = ROOT / ".local"
"""Everything that the local stack writes."""

LOCAL_STAGE = "local"
"""The stage that is made for this machine; of all others a part is left to their deployment."""

OUTPUTS = LOCAL_FOLDER / "outputs.json"
"""Where a stack tells scripts what it serves, unless it is given another place."""

SYNTH_SECONDS = 300
MOST_TRIES = 3
"""How often it is synthesised anew because a source has changed meanwhile."""

_PLACE = re.compile(rf'File "{re.escape(str(ROOT))}/(?!\.venv/)([^"]+)", line (\d+)')
_TRACEBACK = "Traceback (most recent call last):"


def synthesise(stage: str, app_module: str) -> Path:
    """Synthesise the app for a stage and return the cloud assembly's folder.

    Args:
        stage: A key of `context.stages` in cdk.json.
        app_module: The module that synthesises.

    Raises:
        SynthFailed: The app ended with an error; the message is its own last line. Or its sources
            changed again and again while it ran.
    """
    LOCAL_FOLDER.mkdir(exist_ok=True)
    assembly = LOCAL_FOLDER / _folder_name(stage, app_module)
    record = AssemblyRecord(assembly)
    with (LOCAL_FOLDER / "synth.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sources = digest_of_sources(stage, app_module=app_module)
        for _ in range(MOST_TRIES):
            if record.is_of(sources):
                return assembly
            record.keep_what_is_as_made()
            _run_app(stage, app_module, assembly)
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


def _folder_name(stage: str, app_module: str) -> str:
    """Return a folder for each stage of each app: several stacks may run in one checkout."""
    usual = {app_module: APP_MODULE, stage: LOCAL_STAGE}
    unusual = [re.sub("[^a-z0-9]", "_", name) for name in usual if name != usual[name]]
    return "-".join(["cdk.out", *unusual])


def _run_app(stage: str, app_module: str, assembly: Path) -> None:
    try:
        finished = subprocess.run(  # noqa: S603 - our own interpreter and app; no shell
            [sys.executable, "-m", app_module],
            cwd=ROOT,
            env={
                **os.environ,
                "CDK_CONTEXT_JSON": json.dumps({"stage": stage, "bundle_for": "host"}),
                "CDK_OUTDIR": str(assembly),
                # CDK's own rules are about deployment too; `make synth` holds templates to them.
                "CDK_VALIDATION": "false",
                "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
            },
            capture_output=True,
            text=True,
            timeout=SYNTH_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SynthFailed(f"synth took more than {SYNTH_SECONDS} seconds") from error
    if finished.returncode:
        raise SynthFailed(f"synth failed: {_reason(finished.stderr or finished.stdout)}")


def _reason(text: str) -> str:
    """Return the error in one line, and the last place of a traceback that is ours."""
    error = " ".join(_error_lines(text.splitlines()))
    places = _PLACE.findall(text)
    where = f" ({places[-1][0]}, line {places[-1][1]})" if places else ""
    return f"{error}{where}" if error else "it said nothing"


def _error_lines(lines: list[str]) -> list[str]:
    """Return all lines of the exception that ends a traceback; without one, the last line."""
    written = [line for line in lines if line.strip()]
    if _TRACEBACK not in written:
        return [line.strip() for line in written[-1:]]
    last = len(written) - 1 - written[::-1].index(_TRACEBACK)
    after = written[last + 1 :]
    begins = next((i for i, line in enumerate(after) if not line.startswith(" ")), 0)
    return [line.strip() for line in after[begins:]]
