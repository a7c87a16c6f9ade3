"""ORIGIN_HEADER_SHA256 and a request -> nothing, or that it has not come by what stands in front.

An HTTP API cannot have a web ACL. CloudFront in front of it can, and adds a header whose value
nobody else knows; whoever calls the API past it lacks the header. The authorizer is told the
value's SHA-256 digest alone, which is no secret if the value is random.
"""

import re
from hashlib import sha256
from hmac import compare_digest
from typing import Final

from authorizer.errors import OriginHeaderInvalid
from authorizer.event_members import header_values, object_of
from jwt_verifier import strict_json
from jwt_verifier.errors import SettingsInvalid
from jwt_verifier.strict_json import JsonInvalid

NAME: Final = "x-origin-verify"
MOST_DIGESTS: Final = 2
"""One, and one more while the value is changed."""

_VARIABLE: Final = "ORIGIN_HEADER_SHA256"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class OriginHeader:
    """Knows the values that may stand in the header, by their digests."""

    def __init__(self, digests: tuple[bytes, ...]) -> None:
        self._digests = digests

    @classmethod
    def parse(cls, text: str) -> "OriginHeader":
        """Parse the variable `ORIGIN_HEADER_SHA256`.

        Args:
            text: a JSON array of one or two SHA-256 digests, each in 64 lower-case hexadecimals.

        Raises:
            SettingsInvalid: naming the problem and the fix.
        """
        try:
            items = strict_json.parse(text.encode("utf-8", "surrogatepass"))
        except JsonInvalid as invalid:
            raise SettingsInvalid(f"{_VARIABLE}: {invalid}; give a JSON array of digests") from None
        if not isinstance(items, list) or not 1 <= len(items) <= MOST_DIGESTS:
            raise SettingsInvalid(f"{_VARIABLE}: give a JSON array of one or two digests")
        return cls(tuple(_digest(index, item) for index, item in enumerate(items)))

    def check(self, event: object) -> None:
        """Refuse a request that does not hold one of the values.

        Args:
            event: of payload format 2.0, or anything else.

        Raises:
            OriginHeaderInvalid: the header is missing, stands there twice, or holds another value.
        """
        given = header_values(object_of(event).get("headers"), NAME)
        value = given[0] if len(given) == 1 else None
        if not isinstance(value, str):
            raise OriginHeaderInvalid("the request has not come by what stands in front of the API")
        digest = sha256(value.encode("utf-8", "surrogatepass")).digest()
        # Both are compared, so that no time says which one it was, or how much of it was right.
        if not any([compare_digest(digest, each) for each in self._digests]):  # noqa: C419
            raise OriginHeaderInvalid("the request's origin header is not one of ours")


def _digest(index: int, item: object) -> bytes:
    if isinstance(item, str) and _DIGEST.fullmatch(item):
        return bytes.fromhex(item)
    raise SettingsInvalid(
        f"{_VARIABLE}[{index}]: not a SHA-256 digest; give 64 lower-case hexadecimals, and never "
        "the value itself"
    )
