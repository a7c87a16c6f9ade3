"""AWS::Cognito::UserPool -> the settings that decide who may sign in and what a token says.

The rule: they keep the names of Cognito's CreateUserPool, because moto is made from them.
"""

from local.json_value import JsonObject, JsonValue
from local.template.cognito_without_effect import without_effect
from local.template.properties import Properties

_REQUIREMENTS = ("RequireLowercase", "RequireNumbers", "RequireSymbols", "RequireUppercase")
_SHORTEST_PASSWORD = 8
_ATTRIBUTE_TYPES = ("Boolean", "DateTime", "Number", "String")


def read_settings(properties: Properties) -> JsonObject:
    """Password policy, sign-in names, attributes and who may make users.

    Raises:
        TemplateUnsupported: A property would change a sign-in and is not modelled.
    """
    properties.choice("MfaConfiguration", ("OFF", "OPTIONAL"), "OFF")
    usernames: list[JsonValue] = list(properties.texts("UsernameAttributes"))
    return {
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": _admin_only(properties)},
        "Policies": {"PasswordPolicy": _password_policy(properties)},
        "Schema": [_attribute(part) for part in properties.parts("Schema")],
        "UsernameAttributes": usernames,
        "UsernameConfiguration": {"CaseSensitive": _case_sensitive(properties)},
    }


def _admin_only(properties: Properties) -> bool:
    part = properties.part("AdminCreateUserConfig")
    if part is None:
        return False
    admin_only = part.flag("AllowAdminCreateUserOnly")
    part.finish(without_effect("UserPool", "AdminCreateUserConfig"))
    return admin_only


def _password_policy(properties: Properties) -> JsonObject:
    policies = properties.part("Policies")
    policy = policies.part("PasswordPolicy") if policies else None
    if policies:
        _check_first_factors(policies)
        policies.finish()
    if policy is None:
        return {"MinimumLength": _SHORTEST_PASSWORD, **dict.fromkeys(_REQUIREMENTS, True)}
    read: JsonObject = {name: policy.flag(name) for name in _REQUIREMENTS}
    read["MinimumLength"] = int(policy.number("MinimumLength", _SHORTEST_PASSWORD))
    policy.finish(without_effect("UserPool", "Policies.PasswordPolicy"))
    return read


def _check_first_factors(policies: Properties) -> None:
    part = policies.part("SignInPolicy")
    if part is None:
        return
    if set(part.texts("AllowedFirstAuthFactors")) - {"PASSWORD"}:
        raise part.refused("AllowedFirstAuthFactors", "only PASSWORD is modelled")
    part.finish()


def _attribute(part: Properties) -> JsonObject:
    attribute: JsonObject = {
        "Name": part.text("Name"),
        "AttributeDataType": part.choice("AttributeDataType", _ATTRIBUTE_TYPES, "String"),
    }
    if part.flag("DeveloperOnlyAttribute"):
        raise part.refused("DeveloperOnlyAttribute", "only false is modelled")
    part.finish(without_effect("UserPool", "Schema[]"))
    return attribute


def _case_sensitive(properties: Properties) -> bool:
    part = properties.part("UsernameConfiguration")
    if part is None:
        return True
    case_sensitive = part.flag("CaseSensitive", default=True)
    part.finish()
    return case_sensitive
