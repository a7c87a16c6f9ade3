"""A request's JSON -> its parameters, each of the type that Cognito asks for."""

from local.cognito.errors import invalid_parameter
from local.json_value import JsonObject


class Parameters:
    """Reads the parameters of one request, or of an object inside it.

    Each read raises `Refused` with `InvalidParameterException` for a value of another type.
    """

    def __init__(self, values: JsonObject) -> None:
        self._values = values

    def text(self, name: str) -> str:
        """Return a string that must be there and not be empty."""
        value = self.optional_text(name)
        if not value:
            raise invalid_parameter(f"Missing required parameter {name}")
        return value

    def optional_text(self, name: str) -> str | None:
        """Return a string; None if absent."""
        value = self._values.get(name)
        if not isinstance(value, str | None):
            raise invalid_parameter(f"{name} must be a string")
        return value

    def inside(self, name: str) -> "Parameters":
        """Return an object of strings; empty if absent."""
        return Parameters({**(self.texts(name) or {})})

    def texts(self, name: str) -> dict[str, str] | None:
        """Return an object of strings; None if absent."""
        value = self._values.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise invalid_parameter(f"{name} must be an object")
        texts = {key: text for key, text in value.items() if isinstance(text, str)}
        if len(texts) != len(value):
            raise invalid_parameter(f"{name} must be an object of strings")
        return texts

    @property
    def names(self) -> frozenset[str]:
        """The names of all parameters."""
        return frozenset(self._values)
