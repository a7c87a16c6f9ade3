"""AWS::Cognito::UserPool -> the settings that decide who may sign in and what a token says.

They keep the names of Cognito's CreateUserPool, because moto is made from them.
"""

from local.json_value import JsonObject, JsonValue
from local.template.cognito_ignored_properties import ignored_properties
from local.template.properties import Properties

_REQUIREMENTS = ("RequireLowercase", "RequireNumbers", "RequireSymbols", "RequireUppercase")
_SHORTEST_PASSWORD = 8
_ATTRIBUTE_TYPES = ("Boolean", "DateTime", "Number", "String")
_STANDARD = frozenset(
    {
        *("address", "birthdate", "email", "email_verified", "family_name", "gender"),
        *("given_name", "locale", "middle_name", "name", "nickname", "phone_number"),
        *("phone_number_verified", "picture", "preferred_username", "profile", "updated_at"),
        *("website", "zoneinfo"),
    }
)
"""What people of every pool may have, `sub` apart (Amazon Cognito, "Working with attributes")."""


def read_settings(properties: Properties) -> JsonObject:
    """Read password policy, sign-in names, attributes and who may make users.

    Raises:
        TemplateUnsupported: A property would change a sign-in and is not modelled.
    """
    usernames: list[JsonValue] = list(properties.texts("UsernameAttributes"))
    return {
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": _admin_only(properties)},
        "MfaConfiguration": properties.choice("MfaConfiguration", ("OFF", "ON", "OPTIONAL"), "OFF"),
        "Policies": {"PasswordPolicy": _password_policy(properties)},
        "Schema": [_attribute(part) for part in properties.parts("Schema")],
        "UsernameAttributes": usernames,
        "UsernameConfiguration": {"CaseSensitive": _case_sensitive(properties)},
    }


def attribute_names(settings: JsonObject) -> frozenset[str]:
    """List the attributes of a pool's people: standard ones, and its own as `custom:x`.

    Args:
        settings: What `read_settings` gave.
    """
    return _STANDARD | {f"custom:{name}" for name in _schema_names(settings) - _STANDARD}


def required_names(settings: JsonObject) -> frozenset[str]:
    """Return the attributes without which a provider signs nobody in.

    Those that the pool's schema requires, and the only one that people are known by: AWS documents
    the first alone.

    Args:
        settings: What `read_settings` gave.
    """
    required = _schema_names(settings, required=True)
    known_by = settings.get("UsernameAttributes")
    if isinstance(known_by, list) and len(known_by) == 1:
        required |= {str(known_by[0])}
    return frozenset(required)


def _schema_names(settings: JsonObject, *, required: bool = False) -> set[str]:
    schema = settings.get("Schema")
    return {
        str(attribute["Name"])
        for attribute in (schema if isinstance(schema, list) else ())
        if isinstance(attribute, dict) and (attribute.get("Required") or not required)
    }


def _admin_only(properties: Properties) -> bool:
    part = properties.part("AdminCreateUserConfig")
    if part is None:
        return False
    admin_only = part.flag("AllowAdminCreateUserOnly")
    part.finish(ignored_properties("UserPool", "AdminCreateUserConfig"))
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
    policy.finish(ignored_properties("UserPool", "Policies.PasswordPolicy"))
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
    if part.flag("Required"):
        attribute["Required"] = True
    part.finish(ignored_properties("UserPool", "Schema[]"))
    return attribute


def _case_sensitive(properties: Properties) -> bool:
    part = properties.part("UsernameConfiguration")
    if part is None:
        return True
    case_sensitive = part.flag("CaseSensitive", default=True)
    part.finish()
    return case_sensitive
