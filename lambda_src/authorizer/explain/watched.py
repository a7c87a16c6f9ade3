"""A verification, watched -> each of its steps: what it was given, and what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from jwt_verifier.errors import VerifierError
from jwt_verifier.issuer import TOKEN_USES
from jwt_verifier.verifier import Steps


@dataclass(frozen=True, slots=True)
class Taken:
    """One step, as it was taken last.

    Attributes:
        name: Of `Steps`.
        given: Its arguments.
        result: What it returned, None where it refused.
        fault: Why it refused, None where it did not.
    """

    name: str
    given: tuple[object, ...]
    result: object
    fault: VerifierError | None


def _nothing(_given: tuple[object, ...]) -> None:
    return None


def _claimed_use(given: tuple[object, ...]) -> str | None:
    claims = given[0]
    claimed = claims.get("token_use") if isinstance(claims, Mapping) else None
    return next((use for use in TOKEN_USES if use == claimed), None)


PASSED_OVER: Final[Mapping[str, Callable[[tuple[object, ...]], object]]] = {
    "check_type": _nothing,
    "check_not_expired": _nothing,
    "check_begun": _nothing,
    "check_lifetime": _nothing,
    "token_use": _claimed_use,
    "check_audience": _nothing,
    "check_binding": _nothing,
    "check_required": _nothing,
}
"""Steps whose refusal leaves more to be said of the token, and what then stands for their result.

A token that cannot be read, of an unknown issuer, or without a good signature says nothing more.
"""


class WatchedSteps(Steps):
    """The steps of a verification, which remember what they were given.

    Attributes:
        taken: By name, in the order in which each was first taken.
        goes_on: Whether a step of `PASSED_OVER` lets go on what it refuses: only to say more of a
            token that has been refused already.
    """

    def __init__(self) -> None:
        super().__init__()
        self.begin()
        for name, step in vars(Steps()).items():
            setattr(self, name, partial(self._take, name, step))

    def begin(self) -> None:
        """Forget what has been taken: another token comes."""
        self.taken: dict[str, Taken] = {}
        self.goes_on = False

    def _take(self, name: str, step: Callable[..., object], *given: object) -> object:
        try:
            result = step(*given)
        except VerifierError as fault:
            self.taken[name] = Taken(name, given, None, fault)
            if self.goes_on and name in PASSED_OVER:
                return PASSED_OVER[name](given)
            raise
        self.taken[name] = Taken(name, given, result, None)
        return result
