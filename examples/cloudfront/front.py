"""The API's name and where it answers -> a CloudFront distribution and its web ACL, in us-east-1.

`npx cdk deploy --app ".venv/bin/python -m examples.cloudfront.app" -c ...`: docs/cloudfront.md.
"""

from dataclasses import dataclass

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

REGION = "us-east-1"
"""Where CloudFront takes certificates, web ACLs of its scope, and its stack's secrets from."""

ORIGIN_HEADER = "x-origin-verify"
REQUESTS_IN_FIVE_MINUTES = 2_000


@dataclass(frozen=True, slots=True)
class Front:
    """What a distribution is made of.

    Attributes:
        name: The API's name of its own, the stage's `domain.name`: callers keep using it.
        target: The output `ApiDomainTarget` of the API's stack.
        certificate_arn: Of a certificate in us-east-1 that has the name.
        secret: Of Secrets Manager in us-east-1, with the header's value in its JSON.
        json_key: Where in it; another key is what makes CloudFormation fetch a new value.
    """

    name: str
    target: str
    certificate_arn: str
    secret: str
    json_key: str


class FrontStack(cdk.Stack):
    """The distribution; the output `FrontTarget` is what the name must be an alias of."""

    def __init__(self, scope: Construct, stack_id: str, *, front: Front, account: str) -> None:
        super().__init__(scope, stack_id, env=cdk.Environment(account=account, region=REGION))
        # A dynamic reference: the template names the secret, and CloudFormation fetches it.
        value = cdk.SecretValue.secrets_manager(front.secret, json_field=front.json_key)
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            domain_names=[front.name],
            certificate=acm.Certificate.from_certificate_arn(
                self, "Certificate", front.certificate_arn
            ),
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            web_acl_id=self._web_acl().attr_arn,
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.HttpOrigin(
                    front.target,
                    protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
                    custom_headers={ORIGIN_HEADER: value.unsafe_unwrap()},
                ),
                # The caller's Host goes on: by it API Gateway knows the API, and TLS the name.
                origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER,
                cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            ),
        )
        cdk.CfnOutput(self, "FrontTarget", value=distribution.distribution_domain_name)

    def _web_acl(self) -> wafv2.CfnWebACL:
        acl = wafv2.CfnWebACL
        common = acl.StatementProperty(
            managed_rule_group_statement=acl.ManagedRuleGroupStatementProperty(
                vendor_name="AWS", name="AWSManagedRulesCommonRuleSet"
            )
        )
        rate = acl.StatementProperty(
            rate_based_statement=acl.RateBasedStatementProperty(
                aggregate_key_type="IP", limit=REQUESTS_IN_FIVE_MINUTES
            )
        )
        return acl(
            self,
            "WebAcl",
            scope="CLOUDFRONT",
            default_action=acl.DefaultActionProperty(allow={}),
            visibility_config=_visible("Front"),
            rules=[
                acl.RuleProperty(
                    name="TooManyRequests",
                    priority=0,
                    action=acl.RuleActionProperty(block={}),
                    statement=rate,
                    visibility_config=_visible("TooManyRequests"),
                ),
                acl.RuleProperty(
                    name="CommonRules",
                    priority=1,
                    override_action=acl.OverrideActionProperty(none={}),
                    statement=common,
                    visibility_config=_visible("CommonRules"),
                ),
            ],
        )


def _visible(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )
