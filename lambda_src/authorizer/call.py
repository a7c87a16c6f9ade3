"""What a decision may depend on beside the token and the route."""

import math
from dataclasses import dataclass
from typing import Final

from authorizer.path_parameters import PathParameters

NO_TIME: Final = math.nan
"""Where nobody says what time it is: neither before nor after anything, so no age passes."""


@dataclass(frozen=True, slots=True)
class Call:
    """The called path's parameters, and the time in seconds since the epoch."""

    path_parameters: PathParameters
    now: float
