"""Template value -> plain value, by CloudFormation's intrinsic functions.

What our CDK app emits is resolved, dynamic references last, as CloudFormation does it;
every other function stops with its place.
"""

import re
from typing import Final

from local.errors import TemplateUnsupported
from local.json_value import JsonObject, JsonValue
from local.template.assembly import Assembly, Resource, Stack
from local.template.dynamic_references import ReferenceUnknown, with_invented_secrets
from local.template.identifiers import REF, identifier

_NO_VALUE: Final = object()
_SUBSTITUTION = re.compile(r"\$\{(!?)([^}]+)\}")


class Resolver:
    """Resolves values of one assembly's templates."""

    def __init__(self, assembly: Assembly) -> None:
        self._assembly = assembly

    def resolve(self, resource: Resource, property_name: str, value: JsonValue) -> JsonValue:
        """Return the plain value of a resource's property.

        Args:
            resource: Whose property it is: its stack is where references are looked up.
            property_name: Named in errors.
            value: As it stands in the template. `AWS::NoValue` members are left out.

        Raises:
            TemplateUnsupported: An intrinsic, or what it refers to, is not modelled.
        """
        scope = _Scope(self._assembly, resource.stack_name, resource.place, property_name)
        resolved = scope.with_secrets(scope.value(value))
        return None if resolved is _NO_VALUE else resolved  # type: ignore[return-value]  # JSON but for the mark


class _Scope:
    """One property's resolution: knows where it stands, for look-ups and errors."""

    def __init__(self, assembly: Assembly, stack_name: str, place: str, property_name: str) -> None:
        self._assembly = assembly
        self._stack: Stack = assembly.stacks[stack_name]
        self._place = place
        self._property = property_name

    def value(self, value: JsonValue) -> object:
        if isinstance(value, list):
            resolved = [self.value(item) for item in value]
            return [item for item in resolved if item is not _NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            name, argument = next(iter(value.items()))
            if name in {"Ref", "Condition"} or name.startswith("Fn::"):
                return self._intrinsic(name, argument)
        members = {name: self.value(item) for name, item in value.items()}
        return {name: item for name, item in members.items() if item is not _NO_VALUE}

    def with_secrets(self, value: object) -> object:
        """Return a resolved value, its dynamic references too."""
        if isinstance(value, list):
            return [self.with_secrets(item) for item in value]
        if isinstance(value, dict):
            return {name: self.with_secrets(item) for name, item in value.items()}
        if not isinstance(value, str):
            return value
        try:
            return with_invented_secrets(value)
        except ReferenceUnknown as error:
            raise self._refused(str(error)) from error

    def _intrinsic(self, name: str, argument: JsonValue) -> object:
        result: object
        match name, argument:
            case "Ref", str():
                result = self._ref(argument)
            case "Fn::GetAtt", [str() as logical_id, str() as attribute]:
                result = self._attribute(logical_id, attribute)
            case "Fn::Join", [str() as delimiter, list() as parts]:
                result = delimiter.join(self._text(part) for part in parts)
            case "Fn::Sub", str():
                result = self._substitute(argument, {})
            case "Fn::Sub", [str() as text, dict() as variables]:
                result = self._substitute(text, variables)
            case "Fn::GetStackOutput", {"StackName": stack_name, "OutputName": output_name}:
                result = self._stack_output(self._text(stack_name), self._text(output_name))
            case "Fn::ImportValue", _:
                result = self._import(self._text(argument))
            case _:
                raise self._refused(f"the intrinsic {name} in this form is not modelled")
        return result

    def _ref(self, name: str) -> object:
        pseudo: dict[str, object] = {
            "AWS::AccountId": self._stack.account_id,
            "AWS::NoValue": _NO_VALUE,
            "AWS::Partition": "aws",
            "AWS::Region": self._stack.region,
            "AWS::StackName": self._stack.name,
            "AWS::URLSuffix": "amazonaws.com",
        }
        return pseudo[name] if name in pseudo else self._attribute(name, REF)

    def _attribute(self, logical_id: str, attribute: str) -> str:
        resource = self._stack.resources.get(logical_id)
        if resource is None:
            raise self._refused(f"it refers to {logical_id}, which is not a resource of its stack")
        try:
            return identifier(resource, self._stack, attribute)
        except TemplateUnsupported as error:
            raise self._refused(f"it refers to {error}") from error

    def _substitute(self, text: str, variables: JsonObject) -> str:
        def replace(match: re.Match[str]) -> str:
            escaped, name = match.groups()
            if escaped:
                return f"${{{name}}}"
            if name in variables:
                return self._text(variables[name])
            logical_id, dot, attribute = name.partition(".")
            reference: JsonValue = [logical_id, attribute]
            return self._text({"Fn::GetAtt": reference} if dot else {"Ref": name})

        return _SUBSTITUTION.sub(replace, text)

    def _stack_output(self, stack_name: str, output_name: str) -> object:
        stack = self._assembly.stacks.get(stack_name)
        if stack is None or output_name not in stack.outputs:
            raise self._refused(f"no stack {stack_name} of this app has an output {output_name}")
        return self._within(stack).value(stack.outputs[output_name].value)

    def _import(self, export_name: str) -> object:
        for stack in self._assembly.stacks.values():
            scope = self._within(stack)
            for output in stack.outputs.values():
                if scope.value(output.export_name) == export_name:
                    return scope.value(output.value)
        raise self._refused(f"no stack of this app exports {export_name}")

    def _within(self, stack: Stack) -> "_Scope":
        return _Scope(self._assembly, stack.name, self._place, self._property)

    def _text(self, value: JsonValue) -> str:
        resolved = self.value(value)
        if isinstance(resolved, str):
            return resolved
        raise self._refused("a string is needed inside the intrinsic")

    def _refused(self, problem: str) -> TemplateUnsupported:
        return TemplateUnsupported(self._place, self._property, problem)
