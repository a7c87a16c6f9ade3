"""An object of cdk.json -> its checked values, or ConfigInvalid naming the field. Imports no CDK.

No message shows an object or a list of objects: somebody may have put a secret into it.
"""

from collections.abc import Collection, Mapping

from aws_jwt_authorizer.field_checks import Check

KINDS = {bool: "true or false", str: "a string", int: "a number", float: "a number", list: "a list"}


class ConfigInvalid(Exception):
    """A stage in cdk.json that cannot be used: the message is one line, meant for a person."""


class ConfigFields:
    """One object, read field by field.

    Attributes:
        path: Where it stands, "context.stages.dev".
    """

    def __init__(self, path: str, value: object) -> None:
        if not isinstance(value, Mapping):
            found = KINDS.get(type(value), "null")
            raise ConfigInvalid(f"{path} is {found}: it must be an object of fields")
        self.path = path
        self._value: Mapping[str, object] = value

    def __contains__(self, name: str) -> bool:
        return name in self._value

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its fields, in order."""
        return tuple(self._value)

    def only(self, known: Collection[str]) -> None:
        """Refuse any field that is not one of these.

        Raises:
            ConfigInvalid: Naming the first such field and those that there are.
        """
        for name in self._value:
            if name not in known:
                raise ConfigInvalid(
                    f"{self.path}.{name} is unknown: the fields are {', '.join(known)}"
                )

    def take(self, name: str, check: Check) -> object:
        """Return a required value; a list becomes a tuple.

        Raises:
            ConfigInvalid: If it is missing or the check does not accept it.
        """
        if name not in self._value:
            raise ConfigInvalid(f"{self.path}.{name} is missing: it must be {check.allowed}")
        value = self._value[name]
        if not check.accepts(value):
            raise ConfigInvalid(f"{self.path}.{name} is {value!r}: it must be {check.allowed}")
        return tuple(value) if isinstance(value, list) else value

    def text(self, name: str, check: Check) -> str:
        """Return a required value that the check accepts only as a string."""
        return str(self.take(name, check))

    def texts(self, name: str, check: Check) -> tuple[str, ...]:
        """Return a required value that the check accepts only as a list of strings."""
        value = self.take(name, check)
        return tuple(str(item) for item in value) if isinstance(value, tuple) else ()

    def part(self, name: str) -> "ConfigFields":
        """Return the object inside a required field.

        Raises:
            ConfigInvalid: If it is missing or no object.
        """
        if name not in self._value:
            raise ConfigInvalid(f"{self.path}.{name} is missing: it must be an object of fields")
        return ConfigFields(f"{self.path}.{name}", self._value[name])

    def parts(self) -> "list[tuple[str, ConfigFields]]":
        """Return every field's name with the object inside it."""
        return [(name, self.part(name)) for name in self._value]
