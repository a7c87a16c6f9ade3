"""A process -> the most memory that it has ever had in use, where the system tells."""

import os
from pathlib import Path
from threading import Lock
from typing import Final

MEMORY_IS_ENFORCED: Final = Path("/proc/self/status").exists()
"""Whether functions are held to their memory here: on Linux, not on macOS."""

_LABEL: Final = b"VmHWM:"
_MOST_BYTES: Final = 4096
_KB_PER_MB: Final = 1024


class ProcessMemory:
    """Looks at one process, which must be running its own program already.

    The file is held open: it is of this process, even if its id has gone to another.
    """

    def __init__(self, process_id: int) -> None:
        self._lock = Lock()
        self._file = _open(process_id) if MEMORY_IS_ENFORCED else None

    def peak_mb(self) -> float:
        """Return the peak of its resident memory in MB; 0 if it has ended or that is unknown."""
        with self._lock:
            if self._file is None:
                return 0.0
            try:
                text = os.pread(self._file, _MOST_BYTES, 0)
            except ProcessLookupError:
                return 0.0
        start = text.find(_LABEL)
        # A process that is being taken down has no memory to tell of.
        return (
            int(text[start + len(_LABEL) :].split(None, 1)[0]) / _KB_PER_MB if start >= 0 else 0.0
        )

    def close(self) -> None:
        """Look no longer."""
        with self._lock:
            if self._file is not None:
                os.close(self._file)
            self._file = None


def _open(process_id: int) -> int | None:
    try:
        return os.open(f"/proc/{process_id}/status", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
