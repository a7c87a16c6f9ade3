"""StageConfig and the pool -> a web ACL of AWS WAF before everything that the pool answers.

("Associate an AWS WAF web ACL with a user pool", Amazon Cognito developer guide.) The scope is
REGIONAL: a pool is a regional resource, whatever serves its pages.
"""

from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from stacks.stage.config import StageConfig
from stacks.stage.fields import OWN_WEB_ACL

REQUESTS_IN_FIVE_MINUTES = 1_000
"""Of one address. Many people may stand behind one, and each sign-in is some twenty requests."""

TOKEN_PATH = "/oauth2/token"  # noqa: S105  # a path
"""Not counted: the session's backend asks there for everybody, from few addresses, and so do
machines behind a NAT gateway. Who asks proves a code, a refresh token or a secret."""

URL_IN_QUERY = "GenericRFI_QUERYARGUMENTS"
"""Counts, and blocks nothing: a `redirect_uri` is a URL in a query by design, and that of a native
client has an address in it (RFC 8252 section 7.3)."""

Rule = wafv2.CfnWebACL.RuleProperty
Statement = wafv2.CfnWebACL.StatementProperty


class SignInFirewall(Construct):
    """The association, and the web ACL if it is the stage's own."""

    def __init__(
        self, scope: Construct, construct_id: str, *, config: StageConfig, pool: cognito.UserPool
    ) -> None:
        super().__init__(scope, construct_id)
        is_own = config.sign_in_web_acl == OWN_WEB_ACL
        arn = self._web_acl(config.stage).attr_arn if is_own else config.sign_in_web_acl
        wafv2.CfnWebACLAssociation(
            self, "Association", resource_arn=pool.user_pool_arn, web_acl_arn=arn
        )

    def _web_acl(self, stage: str) -> wafv2.CfnWebACL:
        return wafv2.CfnWebACL(
            self,
            "WebAcl",
            description=f"Before sign-in, stage {stage}",
            scope="REGIONAL",
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=_visible("SignIn"),
            rules=[_rate_rule(), _common_rule()],
        )


def _rate_rule() -> Rule:
    of_tokens = wafv2.CfnWebACL.ByteMatchStatementProperty(
        field_to_match=wafv2.CfnWebACL.FieldToMatchProperty(uri_path={}),
        positional_constraint="EXACTLY",
        search_string=TOKEN_PATH,
        text_transformations=[wafv2.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")],
    )
    others = wafv2.CfnWebACL.NotStatementProperty(
        statement=Statement(byte_match_statement=of_tokens)
    )
    return Rule(
        name="TooManyRequests",
        priority=0,
        action=wafv2.CfnWebACL.RuleActionProperty(block={}),
        statement=Statement(
            rate_based_statement=wafv2.CfnWebACL.RateBasedStatementProperty(
                aggregate_key_type="IP",
                evaluation_window_sec=300,
                limit=REQUESTS_IN_FIVE_MINUTES,
                scope_down_statement=Statement(not_statement=others),
            )
        ),
        visibility_config=_visible("TooManyRequests"),
    )


def _common_rule() -> Rule:
    return Rule(
        name="CommonRules",
        priority=1,
        override_action=wafv2.CfnWebACL.OverrideActionProperty(none={}),
        statement=Statement(
            managed_rule_group_statement=wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(
                vendor_name="AWS",
                name="AWSManagedRulesCommonRuleSet",
                rule_action_overrides=[
                    wafv2.CfnWebACL.RuleActionOverrideProperty(
                        name=URL_IN_QUERY,
                        action_to_use=wafv2.CfnWebACL.RuleActionProperty(count={}),
                    )
                ],
            )
        ),
        visibility_config=_visible("CommonRules"),
    )


def _visible(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    """Count what a rule does; keep no samples, for they hold people's requests."""
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )
