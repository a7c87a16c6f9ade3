"""How often somebody may ask."""

import math
from dataclasses import dataclass
from typing import Final

MILLISECONDS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Rate:
    """How much is allowed: `burst` at once, then `per_second` on the average."""

    per_second: float
    burst: int

    @property
    def interval_milliseconds(self) -> int:
        """The time that one request takes from the bucket."""
        return math.ceil(MILLISECONDS / self.per_second)


SOURCE_RATE: Final = Rate(per_second=10, burst=300)
"""For one network, before anything is looked up: many clients may stand behind one address."""

CLIENT_RATE: Final = Rate(per_second=10, burst=300)
"""For one client, once it is known: a fleet of 300 processes may start at once, and 8,000 processes
may renew tokens of 15 minutes."""
