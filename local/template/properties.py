"""A resource's properties, read one by one -> typed values, and a refusal for what nobody read.

A property is modelled, or named as without effect here, or it stops the start.
"""

from collections.abc import Collection, Iterator

from local.errors import TemplateUnsupported
from local.json_value import JsonObject, JsonValue
from local.template.assembly import Resource
from local.template.intrinsics import Resolver


class Properties:
    """Reads the properties of one resource (or of an object inside one).

    Each read resolves and checks one property; `finish` refuses those never read. A wrong type
    or a missing value raises `TemplateUnsupported`.
    """

    def __init__(self, resource: Resource, resolver: Resolver) -> None:
        self.place = resource.place
        self._resource = resource
        self._resolver = resolver
        self._prefix = ""
        self._values: JsonObject = dict(resource.properties)

    def finish(self, without_effect: Collection[str] = ()) -> None:
        """Refuse what was not read.

        Args:
            without_effect: Properties that change no answer of the local stack.
        """
        for name in self._values:
            if name not in without_effect:
                raise self.refused(name, "it is not modelled by the local stack")

    def names(self) -> tuple[str, ...]:
        """Return the properties that were not read yet."""
        return tuple(self._values)

    def refused(self, name: str, problem: str) -> TemplateUnsupported:
        """Return the error for a property of this resource."""
        return TemplateUnsupported(self.place, self._prefix + name, problem)

    def value(self, name: str) -> JsonValue:
        """Return any value; None if absent."""
        taken = self._values.pop(name, None)
        return self._resolver.resolve(self._resource, self._prefix + name, taken)

    def text(self, name: str, default: str | None = None) -> str:
        """Return a string; `default` if absent, refused if there is none."""
        value = self.value(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise self.refused(name, f"a string is needed, not {value!r}")
        return value

    def choice(self, name: str, allowed: Collection[str], default: str | None = None) -> str:
        """Return a string out of those that are modelled."""
        value = self.text(name, default)
        if value not in allowed:
            raise self.refused(name, f"{value!r} is not modelled; use {' or '.join(allowed)}")
        return value

    def number(self, name: str, default: float | None = None) -> float:
        """Return a number."""
        value = self.value(name)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.refused(name, f"a number is needed, not {value!r}")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a boolean."""
        value = self.value(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.refused(name, f"true or false is needed, not {value!r}")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of strings; empty if absent."""
        value = self.value(name)
        if value is None:
            return ()
        if isinstance(value, list):
            strings = tuple(item for item in value if isinstance(item, str))
            if len(strings) == len(value):
                return strings
        raise self.refused(name, f"a list of strings is needed, not {value!r}")

    def text_by_name(self, name: str) -> dict[str, str]:
        """Return an object of strings; empty if absent."""
        texts = {}
        for key, value in self._object(name).items():
            if not isinstance(value, str):
                raise self.refused(f"{name}.{key}", f"a string is needed, not {value!r}")
            texts[key] = value
        return texts

    def part(self, name: str) -> "Properties | None":
        """Return the properties inside an object-valued property; None if absent."""
        return self._inside(name, self._object(name)) if name in self._values else None

    def parts(self, name: str) -> "Iterator[Properties]":
        """Return the objects of a list-valued property."""
        value = self.value(name)
        if value is None:
            return
        if not isinstance(value, list):
            raise self.refused(name, f"a list is needed, not {value!r}")
        for index, item in enumerate(value):
            if not isinstance(item, dict):
                raise self.refused(f"{name}[{index}]", f"an object is needed, not {item!r}")
            yield self._inside(f"{name}[{index}]", item)

    def _inside(self, name: str, values: JsonObject) -> "Properties":
        inside = Properties(self._resource, self._resolver)
        inside._prefix = f"{self._prefix}{name}."
        inside._values = values
        return inside

    def _object(self, name: str) -> JsonObject:
        value = self.value(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self.refused(name, f"an object is needed, not {value!r}")
        return value
