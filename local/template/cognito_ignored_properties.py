"""Properties of AWS::Cognito::* that are accepted and change no answer of the local stack, and why.

A property stands here with its reason, or is read, or stops the start.
"""

from collections.abc import Mapping
from types import MappingProxyType

_NO_MESSAGES = "no message is sent: no mail, no SMS"
_NOT_AT_RUN_TIME = "it matters to those who deploy, not to a sign-in"

IGNORED_PROPERTIES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "UserPool": {
            "AccountRecoverySetting": "ForgotPassword is refused; an administrator sets passwords",
            "AdminCreateUserConfig.InviteMessageTemplate": _NO_MESSAGES,
            "AdminCreateUserConfig.UnusedAccountValidityDays": "a pool lives as long as the stack",
            "AutoVerifiedAttributes": _NO_MESSAGES,
            "DeletionProtection": _NOT_AT_RUN_TIME,
            "EmailConfiguration": _NO_MESSAGES,
            "EmailVerificationMessage": _NO_MESSAGES,
            "EmailVerificationSubject": _NO_MESSAGES,
            "EnabledMfas": "nobody can enrol a second factor: AssociateSoftwareToken is refused",
            "KeyConfiguration": "nothing is kept on disk",
            "Policies.PasswordPolicy.PasswordHistorySize": "old passwords are not remembered",
            "Policies.PasswordPolicy.TemporaryPasswordValidityDays": (
                "a pool lives as long as the stack"
            ),
            "Schema[].Mutable": "attributes are written by an administrator only",
            "Schema[].NumberAttributeConstraints": "the value of an attribute is not checked",
            "Schema[].StringAttributeConstraints": "the value of an attribute is not checked",
            "SmsConfiguration": _NO_MESSAGES,
            "SmsVerificationMessage": _NO_MESSAGES,
            "UserAttributeUpdateSettings": _NO_MESSAGES,
            "UserPoolAddOns": "threat protection is not modelled",
            "UserPoolName": "the pool is found by its id",
            "UserPoolTags": _NOT_AT_RUN_TIME,
            "UserPoolTier": "it matters to a pre-token-generation trigger alone, and is read there",
            "VerificationMessageTemplate": _NO_MESSAGES,
        },
        "UserPoolClient": {
            "AnalyticsConfiguration": "no analytics are kept",
            "EnablePropagateAdditionalUserContextData": "threat protection is not modelled",
        },
        "UserPoolDomain": {
            "CustomDomainConfig": "the endpoints are on this machine",
            "Domain": "the endpoints are on this machine",
            "ManagedLoginVersion": "there is one sign-in page, our own",
        },
        "UserPoolGroup": {"Description": "no token holds it"},
        "UserPoolResourceServer": {
            "Name": "no token holds it",
            "Scopes[].ScopeDescription": "no page shows it",
        },
    }
)


def ignored_properties(resource: str, inside: str = "") -> frozenset[str]:
    """Return the names to accept unread.

    Args:
        resource: The type without `AWS::Cognito::`.
        inside: The object-valued property whose own properties are meant, or "" for the
            resource's.
    """
    prefix = f"{inside}." if inside else ""
    names = (
        name.removeprefix(prefix)
        for name in IGNORED_PROPERTIES[resource]
        if name.startswith(prefix)
    )
    return frozenset(name for name in names if "." not in name)
