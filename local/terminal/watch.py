"""Changed sources -> a changed stack: synthesise again and restart what has changed.

Whatever is wrong with the new sources is one line, and the old stack goes on serving.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import NoReturn

from local.errors import LocalError
from local.stack.running_stack import Update
from local.this_app.running_app import RunningApp
from local.this_app.synthesis.sources import Seen, Sources, look_at_sources
from local.this_app.synthesis.stage_app import app_of_stage
from local.this_app.synthesis.synth import prepare

LOOK_SECONDS = 0.2
"""How often to look at the sources, and how long they must be quiet before they are read."""

MOST_LOOKS = 25
"""How often to look whether they are quiet: then they are read all the same, and synth says that
something goes on writing."""


def follow_sources(
    running: RunningApp,
    sources: Sources,
    on_change: Callable[[], None],
    on_update: Callable[[Update], None],
    on_problem: Callable[[LocalError], None],
) -> NoReturn:
    """Keep a stack up to date until the process is told to stop.

    Args:
        running: What to update.
        sources: What it was synthesised from.
        on_change: Called when sources have changed, before they are read.
        on_update: Called when the stack is up to date again.
        on_problem: Called when it cannot be; it serves as before.
    """
    seen, app_module = sources.seen, sources.app_module
    while True:
        with ExitStack() as undo:
            prepared = prepare(sources.stage, app_module)
            undo.callback(prepared.stop)
            seen = _changed_sources(app_module, seen)
            on_change()
            try:
                update = running.update(app_of_stage(sources.stage, app_module, prepared))
            except LocalError as error:
                on_problem(error)
            else:
                on_update(update)


def _changed_sources(app_module: str, before: Seen) -> Seen:
    """Wait until the sources are other ones, and what writes them is done."""
    while look_at_sources(app_module=app_module) == before:
        time.sleep(LOOK_SECONDS)
    return when_quiet(lambda: look_at_sources(app_module=app_module))


def when_quiet(look: Callable[[], Seen]) -> Seen:
    """Wait until an editor, or a change of branch, has written its last file; not for ever.

    Args:
        look: Says what is there now.

    Returns:
        What was there at the last look.
    """
    seen = look()
    for _ in range(MOST_LOOKS):
        time.sleep(LOOK_SECONDS)
        before, seen = seen, look()
        if seen == before:
            break
    return seen
