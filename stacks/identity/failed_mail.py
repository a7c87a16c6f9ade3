"""A user pool -> a log of the mails that it could not hand over.

"Exporting logs from Amazon Cognito user pools", Amazon Cognito developer guide.
"""

import aws_cdk as cdk
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.functions.log_group import stage_log_group
from stacks.stage.config import StageConfig

VENDED = "/aws/vendedlogs/cognito"
"""Below `/aws/vendedlogs/` a group takes no room in the policy that an account's groups share."""

STACK_ID_PARTS = 3


def failed_mail_log(scope: Construct, pool: cognito.UserPool, config: StageConfig) -> logs.LogGroup:
    """Make the log and have the pool write to it.

    Cognito writes to no group that is encrypted by a key of one's own.

    Args:
        scope: Where the resources stand.
        pool: The pool.
        config: The stage.
    """
    group = stage_log_group(scope, "FailedMail", config, name=_name(scope, config))
    log = cognito.CfnLogDeliveryConfiguration
    log(
        scope,
        "FailedMailDelivery",
        user_pool_id=pool.user_pool_id,
        log_configurations=[
            log.LogConfigurationProperty(
                event_source="userNotification",
                log_level="ERROR",
                cloud_watch_logs_configuration=log.CloudWatchLogsConfigurationProperty(
                    log_group_arn=group.log_group_arn
                ),
            )
        ],
    )
    return group


def _name(scope: Construct, config: StageConfig) -> str:
    """Return a name that a group which an earlier stack has left does not have."""
    stack = cdk.Stack.of(scope)
    unique = cdk.Fn.select(STACK_ID_PARTS - 1, cdk.Fn.split("/", stack.stack_id))
    return f"{VENDED}/{config.prefix}-{unique}"
