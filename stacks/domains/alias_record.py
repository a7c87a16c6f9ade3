"""A name and what answers there -> its alias record in the hosted zone that the stage names."""

from aws_cdk import aws_route53 as route53
from constructs import Construct

from stacks.stage.parts.domain import Domain


def alias_record(scope: Construct, domain: Domain, target: route53.IAliasRecordTarget) -> None:
    """Make the record; the zone is named and not looked up.

    Args:
        scope: Where it stands.
        domain: A name with a hosted zone.
        target: What the name is an alias of.

    Raises:
        ValueError: The stage names no zone.
    """
    if domain.hosted_zone is None:
        raise ValueError(f"{domain.name} has no hosted zone in the stage")
    zone = route53.HostedZone.from_hosted_zone_attributes(
        scope, "Zone", hosted_zone_id=domain.hosted_zone.id, zone_name=domain.hosted_zone.name
    )
    route53.ARecord(
        scope,
        "Alias",
        zone=zone,
        # With its closing dot it is the whole name, and the zone's is not put behind it.
        record_name=f"{domain.name}.",
        target=route53.RecordTarget.from_alias(target),
    )
