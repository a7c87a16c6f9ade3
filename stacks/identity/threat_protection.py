"""A user pool -> what Cognito does about sign-ins that look like somebody else's.

Cognito rates each sign-in by password ("Advanced security with threat protection", Amazon Cognito
developer guide). What it then does is said here, and not left to its defaults.
"""

from aws_cdk import aws_cognito as cognito
from constructs import Construct

from stacks.stage.config import StageConfig

MODES = {
    "off": cognito.StandardThreatProtectionMode.NO_ENFORCEMENT,
    "audit": cognito.StandardThreatProtectionMode.AUDIT_ONLY,
    "enforced": cognito.StandardThreatProtectionMode.FULL_FUNCTION,
}
EVERY_CLIENT = "ALL"
Risk = cognito.CfnUserPoolRiskConfigurationAttachment


def add_responses(scope: Construct, pool: cognito.UserPool, config: StageConfig) -> None:
    """Say what happens to risky sign-ins, where the stage has protection enforced.

    A password that is known to have leaked is refused. A sign-in of medium risk asks for the second
    factor of whoever has one; one of high risk is refused to whoever has none.

    Args:
        scope: Where the resource stands.
        pool: The pool.
        config: The stage.
    """
    if config.threat_protection != "enforced":
        return
    Risk(
        scope,
        "ThreatResponses",
        user_pool_id=pool.user_pool_id,
        client_id=EVERY_CLIENT,
        compromised_credentials_risk_configuration=Risk.CompromisedCredentialsRiskConfigurationTypeProperty(
            actions=Risk.CompromisedCredentialsActionsTypeProperty(event_action="BLOCK"),
            event_filter=["SIGN_IN", "SIGN_UP", "PASSWORD_CHANGE"],
        ),
        account_takeover_risk_configuration=Risk.AccountTakeoverRiskConfigurationTypeProperty(
            actions=Risk.AccountTakeoverActionsTypeProperty(
                medium_action=_action("MFA_IF_CONFIGURED"),
                high_action=_action("BLOCK" if config.mfa == "off" else "MFA_REQUIRED"),
            ),
        ),
    )


def _action(event_action: str) -> Risk.AccountTakeoverActionTypeProperty:
    # A notice to the person would need a template and a sender of its own.
    return Risk.AccountTakeoverActionTypeProperty(event_action=event_action, notify=False)
