"""moto's KMS, whose keys are lent to one test after another: making a key is what takes long."""

from collections import defaultdict
from typing import Any


class LentKeys:
    """A client of KMS; no two keys of one test are the same.

    A key is lent again only when one with the same arguments is wanted. What a test does to it is
    kept by `StrictKms`, so the next test gets it as new.
    """

    def __init__(self, moto: Any) -> None:
        self._moto = moto
        self._made: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self._lent: defaultdict[str, int] = defaultdict(int)

    def create_key(self, **arguments: Any) -> dict[str, Any]:
        kind = repr(arguments)
        if self._lent[kind] == len(self._made[kind]):
            self._made[kind].append(self._moto.create_key(**arguments))
        self._lent[kind] += 1
        return self._made[kind][self._lent[kind] - 1]

    def take_back(self) -> None:
        """Lend every key anew: the test that had them is over."""
        self._lent.clear()

    def __getattr__(self, operation: str) -> Any:
        return getattr(self._moto, operation)
