"""What the deployments of a stage gave, in a file that is whole at any time; one writes at once."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from stacks.deployment.errors import CommandRefused

Outputs = Mapping[str, Mapping[str, str]]
"""Outputs by stack and name, as CDK writes them."""


class KeptOutputs:
    """The outputs of one stage.

    Args:
        folder: Where those of every stage are kept.
        stage: Whose.

    Attributes:
        written_by_cdk: Where CDK writes what one run gives.
    """

    def __init__(self, folder: Path, stage: str) -> None:
        self._folder, self._stage = folder, stage
        self._file = folder / f"{stage}.outputs.json"
        self.written_by_cdk = folder / f"{stage}.run.json"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other deployment of this stage from here out until the block ends.

        Raises:
            CommandRefused: One runs already, or the folder cannot be written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = (self._folder / f"{self._stage}.lock").open("a+")
        except OSError as error:
            raise CommandRefused(
                f"{error.filename}: {error.strerror}; outputs are kept in {self._folder}, which "
                "must be a folder that this user may write"
            ) from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise CommandRefused(
                    f"another command changes the stage {self._stage} (process {lock.read()}): "
                    "wait until it has ended"
                ) from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            self.written_by_cdk.unlink(missing_ok=True)
            yield

    def keep(self) -> None:
        """Keep what CDK has written, which it does once every stack is deployed."""
        if self.written_by_cdk.exists():
            self.written_by_cdk.replace(self._file)

    def forget(self) -> None:
        """Keep nothing: the stacks are gone."""
        self._file.unlink(missing_ok=True)

    def read(self) -> Outputs:
        """Return what is kept.

        Raises:
            CommandRefused: Nothing is, or it cannot be read.
        """
        try:
            kept = self._read()
        except (OSError, ValueError) as error:
            raise CommandRefused(
                f"{self._file} cannot be read: {error}; make deploy STAGE={self._stage} writes it"
            ) from error
        if not kept:
            raise CommandRefused(
                f"{self._file} is not there: make deploy STAGE={self._stage} writes it, also when "
                "nothing has changed"
            )
        return kept

    def value(self, name: str) -> str:
        """Return the output of a name, whichever stack it is of.

        Raises:
            CommandRefused: There is none, or outputs cannot be read.
        """
        kept = self.read()
        found = {outputs[name] for outputs in kept.values() if name in outputs}
        if len(found) != 1:
            names = sorted({known for outputs in kept.values() for known in outputs})
            raise CommandRefused(
                f"the stage {self._stage} has no one output {name!r}: "
                f"the names are {', '.join(names)}"
            )
        return found.pop()

    def _read(self) -> Outputs:
        if not self._file.exists():
            return {}
        kept: Outputs = json.loads(self._file.read_text(encoding="utf-8"))
        return kept
