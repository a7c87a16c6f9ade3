"""A client <-> its item in the clients' table. Pure, and the only place that knows the item's form.

| attribute         | type       | what it is                                                 |
| ----------------- | ---------- | ---------------------------------------------------------- |
| `client_id`       | string     | the key                                                    |
| `secret_hashes`   | string set | one or two, with one salt: see `client_secret`             |
| `scopes`          | string set | what it may ask for                                        |
| `rate_per_second` | number     | its own token rate, with `burst`; both may be left out     |
| `burst`           | number     | how many tokens at once                                    |
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from token_issuer.access_token import MAX_SCOPE_CHARACTERS
from token_issuer.client_secret import MAX_SECRETS, hash_problem
from token_issuer.errors import ServerError
from token_issuer.rate import Rate
from token_issuer.token_request import is_scope

CLIENT_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,63}")
"""What we give out; anything else is nobody's, and not worth a look-up."""

_ITEM_INVALID: Final = "client_item_invalid"
HASHES_INVALID: Final = f"{_ITEM_INVALID}:secret_hashes"
"""For the log; the caller hears what every caller with a wrong secret hears."""

LARGEST_RATE: Final = 1_000.0
LARGEST_BURST: Final = 100_000


@dataclass(frozen=True, slots=True)
class ClientItem:
    """What the table holds of a client.

    Attributes:
        client_id: Its id.
        secret_hashes: Of the secrets that are valid, one or two.
        scopes: What it may ask for, at least one.
        rate: Its own limit; None means the issuer's.
    """

    client_id: str
    secret_hashes: tuple[str, ...]
    scopes: frozenset[str]
    rate: Rate | None = None

    def __post_init__(self) -> None:
        """Check every field.

        Raises:
            ValueError: One line that names the field, its problem and the fix.
        """
        if not CLIENT_ID.fullmatch(self.client_id):
            raise ValueError(
                f"client_id {self.client_id!r:.80}: use 3 to 64 letters, digits, dots, "
                "underscores, hyphens"
            )
        _check_hashes(self.secret_hashes)
        _check_scopes(self.scopes)
        if self.rate is not None:
            _check_rate(self.rate)

    def to_item(self) -> dict[str, Any]:
        """Return the item as DynamoDB's API takes it."""
        item: dict[str, Any] = {
            "client_id": {"S": self.client_id},
            "secret_hashes": {"SS": sorted(self.secret_hashes)},
            "scopes": {"SS": sorted(self.scopes)},
        }
        if self.rate is not None:
            item["rate_per_second"] = {"N": f"{self.rate.per_second:g}"}
            item["burst"] = {"N": str(self.rate.burst)}
        return item

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "ClientItem":
        """Read an item as DynamoDB's API gives it.

        Raises:
            ServerError: An attribute is missing or wrong; the reason is `client_item_invalid` and
                its name, for the log.
        """
        try:
            return cls(
                client_id=str(item["client_id"]["S"]),
                secret_hashes=tuple(_attribute(item, "secret_hashes", "SS")),
                scopes=frozenset(_attribute(item, "scopes", "SS")),
                rate=_rate(item),
            )
        except ValueError as error:
            field = str(error).split(maxsplit=1)[0].rstrip(":")
            raise ServerError(
                "this client is not set up correctly", f"{_ITEM_INVALID}:{field}"
            ) from None


def valid_hashes(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the hashes of an item's secrets; none if they are malformed."""
    try:
        hashes = tuple(_attribute(item, "secret_hashes", "SS"))
        _check_hashes(hashes)
    except ValueError:
        return ()
    return hashes


def _attribute(item: Mapping[str, Any], name: str, kind: str) -> Any:  # noqa: ANN401  # DynamoDB's own
    try:
        return item[name][kind]
    except (KeyError, TypeError):
        raise ValueError(f"{name}: missing, or not of DynamoDB's type {kind}") from None


def _rate(item: Mapping[str, Any]) -> Rate | None:
    if "rate_per_second" not in item and "burst" not in item:
        return None
    rate, burst = (_attribute(item, name, "N") for name in ("rate_per_second", "burst"))
    if not str(burst).isdigit():
        raise ValueError(f"burst: {burst!r:.40} is not a whole number")
    return Rate(per_second=float(rate), burst=int(burst))


def _check_hashes(hashes: tuple[str, ...]) -> None:
    if not 1 <= len(hashes) <= MAX_SECRETS:
        raise ValueError(f"secret_hashes: {len(hashes)} of them; keep 1 to {MAX_SECRETS}")
    problem = hash_problem(hashes)
    if problem:
        raise ValueError(f"secret_hashes: {problem}; add the client again")


def _check_scopes(scopes: frozenset[str]) -> None:
    if not scopes:
        raise ValueError("scopes: none; name at least one")
    for scope in sorted(scopes):
        if not is_scope(scope):
            raise ValueError(
                f"scopes: {scope!r:.80}; use 1 to 128 visible ASCII characters without spaces, "
                "quotes and backslashes"
            )
    characters = len(" ".join(scopes))
    if characters > MAX_SCOPE_CHARACTERS:
        raise ValueError(
            f"scopes: {characters} characters in all, at most {MAX_SCOPE_CHARACTERS}: a token with "
            "all of them would be more than the 4,096 bytes that KMS signs; give the client fewer "
            "scopes, or make two clients"
        )


def _check_rate(rate: Rate) -> None:
    if not math.isfinite(rate.per_second) or not 0 < rate.per_second <= LARGEST_RATE:
        raise ValueError(
            f"rate_per_second: {rate.per_second:g}; give a number above 0, at most {LARGEST_RATE:g}"
        )
    if not 1 <= rate.burst <= LARGEST_BURST:
        raise ValueError(f"burst: {rate.burst}; give a whole number from 1 to {LARGEST_BURST}")
