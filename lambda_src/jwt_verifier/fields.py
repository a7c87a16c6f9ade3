"""A JSON object of the configuration -> its fields, typed, or an error that names the field."""

from collections.abc import Collection, Mapping

from jwt_verifier.errors import SettingsInvalid


class Fields:
    """Reads one object. `path` is how an error names it: `ISSUERS[0]`, `routes["GET /orders"]`."""

    def __init__(self, path: str, value: object, known: Collection[str]) -> None:
        if not isinstance(value, dict):
            raise SettingsInvalid(f"{path}: is not a JSON object; give one with {_listed(known)}")
        for name in value:
            if name not in known:
                raise SettingsInvalid(f"{path}.{name}: unknown field; allowed are {_listed(known)}")
        self.path = path
        self._value: Mapping[str, object] = value
        self._known = known

    @property
    def names(self) -> Collection[str]:
        """The fields that are given."""
        return self._value.keys()

    def invalid(self, name: str, problem: str, fix: str) -> SettingsInvalid:
        """Return the error for a field: where, what is wrong with it, what to do."""
        return SettingsInvalid(f"{self.path}.{name}: {problem}; {fix}")

    def only_name(self) -> str:
        """Return the name of the one field that is given.

        Raises:
            SettingsInvalid: there is none, or more than one.
        """
        if len(self._value) != 1:
            raise SettingsInvalid(
                f"{self.path}: has {_listed(self._value) or 'no field'}; "
                f"give exactly one of {_listed(self._known)}"
            )
        return next(iter(self._value))

    def value(self, name: str) -> object:
        """Return a field as it is, or None where it is absent."""
        return self._value.get(name)

    def text(self, name: str) -> str:
        """Return a required, non-empty string."""
        value = self.optional_text(name)
        if value is None:
            raise self.invalid(name, "missing", "give a non-empty string")
        return value

    def optional_text(self, name: str) -> str | None:
        """Return a non-empty string, or None where the field is absent or null."""
        value = self._value.get(name)
        if value is None or (isinstance(value, str) and value):
            return value
        raise self.invalid(name, f"{value!r:.80}", "give a non-empty string")

    def one_of(self, name: str, allowed: Collection[str]) -> str | None:
        """Return one of the allowed strings, or None where the field is absent or null."""
        value = self._value.get(name)
        if value is None or (isinstance(value, str) and value in allowed):
            return value
        raise self.invalid(name, f"{value!r:.80}", f"give {_listed(allowed)} or null")

    def texts(self, name: str) -> tuple[str, ...]:
        """Return an array of non-empty strings; empty where the field is absent."""
        value = self._value.get(name, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
            raise self.invalid(name, f"{value!r:.80}", "give an array of non-empty strings")
        return tuple(value)

    def path_of(self, name: str) -> tuple[str, ...] | None:
        """Return an array of one or more non-empty strings, or None where absent or null."""
        if self._value.get(name) is None:
            return None
        names = self.texts(name)
        if not names:
            raise self.invalid(name, "[]", "give the names that lead to it, or leave it out")
        return names

    def flag(self, name: str) -> bool:
        """Return true or false; false where the field is absent."""
        value = self._value.get(name, False)
        if not isinstance(value, bool):
            raise self.invalid(name, f"{value!r:.80}", "give true or false")
        return value

    def positive_integer(self, name: str) -> int | None:
        """Return an integer above zero, or None where the field is absent or null."""
        value = self._value.get(name)
        if value is None or (type(value) is int and value > 0):
            return value
        raise self.invalid(name, f"{value!r:.80}", "give a positive integer or null")

    def objects(self, name: str) -> Mapping[str, object]:
        """Return a JSON object; empty where the field is absent."""
        value = self._value.get(name, {})
        if not isinstance(value, dict):
            raise self.invalid(name, f"{value!r:.80}", "give a JSON object")
        return value


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names))
