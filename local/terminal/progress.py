"""What a start shows a person before anything runs: each step, and what the synthesis warned of.

It imports no part of what is started: that takes a second, and a start may end before.
"""

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.status import Status

from local.template.local_app import LocalApp


class Progress:
    """Tells each step of a start: a spinner at a terminal, a line in a log."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status = Status("", console=console)
        if console.is_terminal:
            self._status.start()

    def step(self, name: str) -> None:
        """Begin the next step."""
        if self._console.is_terminal:
            self._status.update(f"starting: {name}")
        else:
            self._console.print(f"starting: {name}", style="dim")

    def done(self) -> None:
        """End the steps."""
        self._status.stop()


def show_warnings(app: LocalApp, console: Console, known: Iterable[str] = ()) -> None:
    """Print what the synthesis warned of, a line each, but for what is known already."""
    for warning in app.warnings:
        if warning not in known:
            console.print(f"[yellow]warning[/]: {escape(warning)}", soft_wrap=True, emoji=False)
