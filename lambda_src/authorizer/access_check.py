"""A check of the user's own: its name in the policy -> the function, and what it says of a call.

The function stands in `access_checks/`, takes the verified token and the called path's parameters,
and returns True, False or a reason for the log. It never sees the token as it was sent.
"""

import re
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from inspect import Parameter, iscoroutinefunction, signature
from typing import Final, Literal, Union, get_args, get_origin, get_type_hints

from authorizer.path_parameters import PathParameters
from jwt_verifier.tokens import VerifiedToken

FOLDER: Final = "access_checks"
FORM: Final = (
    "write it as def name(token: VerifiedToken, path_parameters: Mapping[str, str]) -> bool | str"
)

_NAME: Final = re.compile(r"([a-z_][a-z0-9_]*):([a-z_][a-z0-9_]*)", re.ASCII)
_REASON: Final = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_POSITIONAL: Final = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


class AccessCheckInvalid(Exception):
    """A check that is not there, or is not of the form that a check has."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.fix = fix


@dataclass(frozen=True, slots=True)
class AccessCheck:
    """A check of the user's own, by the name that the table gives it."""

    name: str
    function: Callable[[VerifiedToken, PathParameters], object]

    def denial(self, token: VerifiedToken, path_parameters: PathParameters) -> str | None:
        """Return why the check denies, or None if it allows.

        Raises:
            TypeError: it returned neither a boolean nor a reason.
            Exception: whatever it raises itself.
        """
        answer = self.function(token, path_parameters)
        if answer is True:
            return None
        if answer is False:
            return self.name
        if isinstance(answer, str) and _REASON.fullmatch(answer):
            return answer
        raise TypeError(
            f"the check {self.name} must return True, False or a reason of lower-case letters, "
            f"digits and underscores, and returned another {type(answer).__name__}"
        )


def load(name: str) -> AccessCheck:
    """Find a check and hold its signature to the form of a check.

    Args:
        name: `module:function`, below `access_checks`.

    Raises:
        AccessCheckInvalid: there is no such check, or it is missing or malformed.
    """
    named = _NAME.fullmatch(name)
    if named is None:
        raise AccessCheckInvalid("is not a check's name", "write it as module:function")
    module, function_name = named.groups()
    with _import_faults(f"define {function_name} in lambda_src/{FOLDER}/{module}.py"):
        function = getattr(import_module(f"{FOLDER}.{module}"), function_name)
    if not isinstance(function, types.FunctionType) or iscoroutinefunction(function):
        raise AccessCheckInvalid("is not a plain function", FORM)
    with _import_faults(FORM):
        hints = get_type_hints(function)
    parameters = signature(function).parameters.values()
    taken = [hints.get(parameter.name) for parameter in parameters]
    by_position = all(parameter.kind in _POSITIONAL for parameter in parameters)
    if not by_position or taken != [VerifiedToken, Mapping[str, str]]:
        raise AccessCheckInvalid("does not take a token and the path's parameters", FORM)
    if not _is_answer(hints.get("return")):
        raise AccessCheckInvalid("does not return bool | str", FORM)
    return AccessCheck(name, function)


@contextmanager
def _import_faults(fix: str) -> Iterator[None]:
    """Tell in one line what the user's own module raises, which may be anything."""
    try:
        yield
    except Exception as error:
        told = " ".join(f"{type(error).__name__}: {error}".split())
        raise AccessCheckInvalid(f"cannot be imported ({told:.200})", fix) from error


def _is_answer(hint: object) -> bool:
    options = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    return all(option in (bool, str) or get_origin(option) is Literal for option in options)
