"""A name of one's own and an HTTP API -> the API answers there, and where DNS must point."""

from aws_cdk import aws_apigatewayv2 as apigwv2
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_route53_targets as targets
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.domains.alias_record import alias_record
from stacks.stage.parts.domain import Domain, Truststore


class ApiDomain(Construct):
    """The name, mapped to the API's stage, with its record if the zone is ours.

    ("Custom domain names for HTTP APIs", "Mutual TLS authentication for HTTP APIs", API Gateway
    developer guide.)

    Attributes:
        target: What the name must be an alias of, or a CNAME, "d-….execute-api.….amazonaws.com".

    Args:
        domain: The name.
        stage: What answers there.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        domain: Domain,
        api: apigwv2.HttpApi,
        stage: apigwv2.HttpStage,
    ) -> None:
        super().__init__(scope, construct_id)
        certificate = acm.Certificate.from_certificate_arn(
            self, "Certificate", domain.certificate_arn
        )
        name = apigwv2.DomainName(
            self,
            "Name",
            domain_name=domain.name,
            certificate=certificate,
            security_policy=apigwv2.SecurityPolicy.TLS_1_2,
            mtls=self._mutual_tls(domain.mutual_tls) if domain.mutual_tls else None,
        )
        apigwv2.ApiMapping(self, "Mapping", api=api, domain_name=name, stage=stage)
        self.target = name.regional_domain_name
        if domain.hosted_zone:
            alias_record(
                self,
                domain,
                targets.ApiGatewayv2DomainProperties(
                    name.regional_domain_name, name.regional_hosted_zone_id
                ),
            )

    def _mutual_tls(self, truststore: Truststore) -> apigwv2.MTLSConfig:
        return apigwv2.MTLSConfig(
            bucket=s3.Bucket.from_bucket_name(self, "Truststore", truststore.bucket),
            key=truststore.key,
            version=truststore.version,
        )
