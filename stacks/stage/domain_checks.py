"""A stage's names of its own -> what about them cannot be meant. Imports no CDK."""

from collections import Counter
from collections.abc import Iterator

from stacks.stage.config import StageConfig
from stacks.stage.parts.domain import Domain

AUTO = "auto"
MOST_DIGESTS = 2
SIGN_IN = "sign_in_domain"


def domains_of(config: StageConfig) -> dict[str, Domain]:
    """Return the stage's names, by the field that gives each."""
    of_issuer = config.issuer_domain
    given = {
        "domain": config.domain,
        "issuer_domain": of_issuer.domain if of_issuer else None,
        SIGN_IN: config.sign_in_domain,
    }
    return {field: domain for field, domain in given.items() if domain}


def domain_problems(config: StageConfig) -> Iterator[str]:
    """Yield what is wrong, each line begins with the field.

    Args:
        config: The stage.
    """
    domains = domains_of(config)
    if len(config.origin_header_sha256) > MOST_DIGESTS:
        yield (
            f"origin_header_sha256 has {len(config.origin_header_sha256)} digests: the value is "
            "changed from one to another, so name two at most"
        )
    if config.sign_in_domain and config.domain_prefix != AUTO:
        yield (
            f"domain_prefix is {config.domain_prefix}, and sign_in_domain is given: people sign in "
            "at one of them, so set domain_prefix to auto or empty sign_in_domain"
        )
    if config.issuer_domain and not config.kms_issuer:
        yield "issuer_domain is given, and kms_issuer is false: empty it, or set kms_issuer to true"
    times = Counter(domain.name for domain in domains.values())
    for field, domain in domains.items():
        if times[domain.name] > 1:
            others = [name for name, each in domains.items() if each.name == domain.name]
            yield (
                f"{field}.name is {domain.name}, and so is {others[-1]}.name: each answers "
                "something else, so give each a name of its own"
            )
        zone = domain.hosted_zone
        if zone and domain.name != zone.name and not domain.name.endswith(f".{zone.name}"):
            yield (
                f"{field}.hosted_zone.name is {zone.name}, and {domain.name} is not below it: name "
                "the zone that holds the name"
            )
        account = domain.certificate_arn.split(":")[4]
        if config.account not in (AUTO, account):
            yield (
                f"{field}.certificate_arn is of account {account}, and the stage is deployed to "
                f"{config.account}: a certificate serves in its own account alone"
            )
