"""`python -m local demo`: start everything, call every route as everyone, judge, stop.

Exit status 0 only if every answer is the declared one.
"""

from rich.console import Console

from local.terminal.progress import Progress, show_warnings
from local.this_app.synthesis.stage_app import app_of_stage


def demo(stage: str, app_module: str, console: Console, *, verbose: bool) -> int:
    """Run the demo and return the exit status.

    Args:
        stage: A key of `context.stages` in cdk.json.
        app_module: The module that synthesises.
        console: Where people read.
        verbose: Whether the reason of each refusal is shown.

    Raises:
        LocalError: Something does not start, or nobody can sign in.
    """
    progress = Progress(console)
    try:
        progress.step("synth")
        app = app_of_stage(stage, app_module)
        show_warnings(app, console)
        # Importing all that serves takes a second: not before what may still refuse to start.
        from local.terminal.judged_calls import judge  # noqa: PLC0415

        return judge(app, stage, app_module, progress, console, verbose=verbose)
    finally:
        progress.done()
