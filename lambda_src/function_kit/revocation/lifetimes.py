"""How long an entry of the list must last, as synth has told a function."""

from dataclasses import dataclass
from typing import Final

from function_kit.environment import Environment, whole_number

LONGEST_ENTRY_SECONDS: Final = 3_652 * 86_400
"""Cognito's longest refresh token, and what a token may live beyond it."""

OF_TOKENS: Final = "REVOCATION_ENTRY_SECONDS"
OF_RENEWALS: Final = "REVOCATION_RENEWABLE_SECONDS"


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long an entry must last, in seconds.

    Attributes:
        of_tokens: The longest life of a token that is out already.
        of_renewals: The same and the longest life of a refresh token: until then a renewal can
            bring a new token of the same sign-in.
    """

    of_tokens: int
    of_renewals: int

    @classmethod
    def from_env(cls, environment: Environment) -> "Lifetimes":
        """Read both variables. Raises SettingsInvalid, which names one and the fix."""
        return cls(
            whole_number(environment, OF_TOKENS, 1, LONGEST_ENTRY_SECONDS),
            whole_number(environment, OF_RENEWALS, 1, LONGEST_ENTRY_SECONDS),
        )
