"""The schema of stages and some stages -> what the schema offers and none of them uses."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator

from stacks.stage.json_schema import cdk_json_schema

SCHEMA: Any = cdk_json_schema()
OF_STAGE = SCHEMA["properties"]["context"]["properties"]["stages"]["additionalProperties"]


@dataclass(frozen=True, slots=True)
class _Offer:
    """Something that a schema lets one say.

    Attributes:
        path: Where it stands.
        meaning: What it is; the same kind of provider may have several names.
        used: Whether a stage says it.
    """

    path: str
    meaning: str
    used: bool


def left_off(stages: Sequence[Mapping[str, object]]) -> list[str]:
    """List the fields that are missing or off in all stages, and the kinds that none has."""
    offers = list(_offers(OF_STAGE, stages, ""))
    used = {offer.meaning for offer in offers if offer.used}
    return [offer.path for offer in offers if offer.meaning not in used]


def _offers(schema: Any, values: Sequence[Any], path: str) -> Iterator[_Offer]:
    if "$ref" in schema:
        yield from _offers(SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], values, path)
    elif "oneOf" in schema:
        for number, kind in enumerate(schema["oneOf"], start=1):
            fitting = Draft202012Validator({**kind, "$defs": SCHEMA["$defs"]})
            chosen = [value for value in values if fitting.is_valid(value)]
            yield _Offer(f"{path}, kind {number}", json.dumps(kind), bool(chosen))
            if chosen:
                yield from _offers(kind, chosen, path)
    elif schema.get("type") == "object":
        yield from _offers_of_object(schema, values, path)
    else:
        yield _Offer(path, path, any(_is_on(schema, value) for value in values))


def _offers_of_object(schema: Any, values: Sequence[Any], path: str) -> Iterator[_Offer]:
    named = schema.get("properties", {})
    for name, field in named.items():
        given = [value[name] for value in values if name in value]
        yield from _offers(field, given, f"{path}.{name}".lstrip("."))
    if isinstance(of_others := schema.get("additionalProperties"), Mapping):
        given = [item for value in values for name, item in value.items() if name not in named]
        yield from _offers(of_others, given, f"{path}.*")


def _is_on(schema: Any, value: Any) -> bool:
    if value in ("off", "auto"):
        return False
    may_be_nothing = schema.get("type") in ("boolean", "array") or schema.get("minimum") == 0
    return bool(value) or not may_be_nothing
