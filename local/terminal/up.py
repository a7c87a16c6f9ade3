"""`python -m local up`: synthesise, start, show, serve until Ctrl-C."""

from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from local.loopback.listener import listen_on_loopback
from local.terminal.outputs_file import OutputsFile
from local.terminal.progress import Progress, show_warnings
from local.this_app.synthesis.sources import Sources, look_at_sources
from local.this_app.synthesis.stage_app import app_of_stage


def up(
    stage: str,
    app_module: str,
    port: int,
    outputs_path: Path,
    console: Console,
    *,
    watching: bool,
    verbose: bool,
) -> None:
    """Serve a stage's template until the process is told to stop.

    Args:
        stage: A key of `context.stages` in cdk.json.
        app_module: The module that synthesises.
        port: Of the API; 0 takes a free one.
        outputs_path: Where scripts find addresses and ids; it exists while the stack serves. While
            another stack serves with it, this one's file has its port in its name.
        console: Where people read.
        watching: Whether changed sources change what is served.
        verbose: Whether the access log is shown.

    Raises:
        LocalError: Something does not start.
    """
    with ExitStack() as undo:
        listener = listen_on_loopback(port)
        undo.callback(listener.close)
        progress = Progress(console)
        undo.callback(progress.done)
        file = OutputsFile(outputs_path)
        undo.callback(file.remove)
        progress.step("synth")
        sources = Sources(stage, app_module, look_at_sources(app_module=app_module))
        app = app_of_stage(stage, app_module)
        show_warnings(app, console)
        # Importing all that serves takes a second: not before what may still refuse to start.
        from local.terminal.serving import serve  # noqa: PLC0415

        serve(
            app,
            stage,
            listener,
            file,
            progress,
            console,
            sources if watching else None,
            verbose=verbose,
        )
    console.print("stopped")
