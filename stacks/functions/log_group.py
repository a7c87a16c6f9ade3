"""StageConfig -> a log group that forgets when the stage says so, and shows nobody a token."""

from aws_cdk import aws_logs as logs
from constructs import Construct

from aws_jwt_authorizer.constructs.acknowledged import acknowledge
from stacks.functions.removal_policy import removal_policy
from stacks.stage.config import StageConfig

RETENTION_BY_DAYS = {
    1: logs.RetentionDays.ONE_DAY,
    3: logs.RetentionDays.THREE_DAYS,
    5: logs.RetentionDays.FIVE_DAYS,
    7: logs.RetentionDays.ONE_WEEK,
    14: logs.RetentionDays.TWO_WEEKS,
    30: logs.RetentionDays.ONE_MONTH,
    60: logs.RetentionDays.TWO_MONTHS,
    90: logs.RetentionDays.THREE_MONTHS,
    120: logs.RetentionDays.FOUR_MONTHS,
    150: logs.RetentionDays.FIVE_MONTHS,
    180: logs.RetentionDays.SIX_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
    400: logs.RetentionDays.THIRTEEN_MONTHS,
    545: logs.RetentionDays.EIGHTEEN_MONTHS,
    731: logs.RetentionDays.TWO_YEARS,
    1096: logs.RetentionDays.THREE_YEARS,
    1827: logs.RetentionDays.FIVE_YEARS,
    2192: logs.RetentionDays.SIX_YEARS,
    2557: logs.RetentionDays.SEVEN_YEARS,
    2922: logs.RetentionDays.EIGHT_YEARS,
    3288: logs.RetentionDays.NINE_YEARS,
    3653: logs.RetentionDays.TEN_YEARS,
}

COMPACT_JWT = "e[yw][a-zA-Z0-9_-]{15,}[.][a-zA-Z0-9_-]*[.][a-zA-Z0-9_-]{15,}"
"""A signed or an encrypted token in compact form (RFC 7515 section 7.1, RFC 7516 section 7.1): its
header is a JSON object in base64url. In the words that CloudWatch Logs takes ("Custom data
identifiers", CloudWatch Logs user guide)."""


def stage_log_group(
    scope: Construct, construct_id: str, config: StageConfig, *, name: str | None = None
) -> logs.LogGroup:
    """Make a log group, kept on deletion if the stage retains data.

    No function of ours logs a token. Where the stage protects its logs, one that a function logs
    all the same is masked for whoever may not `logs:Unmask`.

    Args:
        scope: Where it stands.
        construct_id: Its id there.
        config: The stage.
        name: Its physical name, where a service asks for one; CloudFormation gives all others.
    """
    protection = logs.DataProtectionPolicy(
        identifiers=[logs.CustomDataIdentifier("JsonWebToken", COMPACT_JWT)]
    )
    group = logs.LogGroup(
        scope,
        construct_id,
        log_group_name=name,
        retention=RETENTION_BY_DAYS[config.log_retention_days],
        data_protection_policy=protection if config.log_protection else None,
        removal_policy=removal_policy(retain=config.retain),
    )
    if config.log_protection:
        acknowledge(
            group,
            "pf-logs-data-protection-identifier-arn",
            "an identifier of one's own is named as its configuration in the same policy names it",
        )
    return group
