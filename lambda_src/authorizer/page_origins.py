"""COOKIE_ORIGINS -> the origins whose pages may send the access token in a cookie."""

from function_kit.origins import is_origin
from jwt_verifier import strict_json
from jwt_verifier.errors import SettingsInvalid
from jwt_verifier.strict_json import JsonInvalid


def parse_origins(text: str) -> frozenset[str]:
    """Parse the variable `COOKIE_ORIGINS`.

    Args:
        text: a JSON array of origins, `https://host` or `https://host:port`; http only to a
            loopback host. An empty array means that no cookie is ever read.

    Raises:
        SettingsInvalid: naming the item, its problem and the fix.
    """
    try:
        items = strict_json.parse(text.encode("utf-8", "surrogatepass"))
    except JsonInvalid as invalid:
        raise SettingsInvalid(f"COOKIE_ORIGINS: {invalid}; give a JSON array of origins") from None
    if not isinstance(items, list):
        raise SettingsInvalid("COOKIE_ORIGINS: not a JSON array; give one of origins, or []")
    return frozenset(_origin(f"COOKIE_ORIGINS[{index}]", item) for index, item in enumerate(items))


def _origin(path: str, item: object) -> str:
    if isinstance(item, str) and is_origin(item):
        return item
    raise SettingsInvalid(
        f"{path}: {item!r:.80}; give scheme, host and port as a browser's Origin header has them: "
        "https, or http to a loopback host, lower case, no default port, no path"
    )
