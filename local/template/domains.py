"""AWS::ApiGatewayV2::DomainName and ApiMapping -> the name of its own that an API answers to.

The gateway here answers on loopback: certificates, TLS and clients' certificates are the
deployment's alone.
"""

from local.template.assembly import Assembly
from local.template.identifiers import REF, identifier
from local.template.intrinsics import Resolver
from local.template.properties import Properties

_DEFAULT_STAGE = "$default"
_OF_TLS = ("DomainNameConfigurations", "MutualTlsAuthentication", "RoutingMode", "Tags")


def read_domains(assembly: Assembly, resolver: Resolver) -> dict[str, str]:
    """Return the host name of each API that has one, by the API's id.

    Args:
        assembly: The stacks.
        resolver: Of their intrinsics.

    Raises:
        TemplateUnsupported: An API has several names, a name stands for a path or a stage of its
            own, or the API is not of this app.
    """
    for resource in assembly.resources("AWS::ApiGatewayV2::DomainName"):
        domain = Properties(resource, resolver)
        domain.text("DomainName")
        domain.finish(_OF_TLS)
    api_ids = {
        identifier(api, assembly.stacks[api.stack_name], REF)
        for api in assembly.resources("AWS::ApiGatewayV2::Api")
    }
    names: dict[str, str] = {}
    for resource in assembly.resources("AWS::ApiGatewayV2::ApiMapping"):
        mapping = Properties(resource, resolver)
        api_id = mapping.text("ApiId")
        if api_id not in api_ids:
            raise mapping.refused("ApiId", f"{api_id} is not an API of this app")
        if api_id in names:
            raise mapping.refused("ApiId", "several names of one API are not modelled")
        if mapping.text("ApiMappingKey", ""):
            raise mapping.refused("ApiMappingKey", "a name with a path is not modelled")
        mapping.choice("Stage", (_DEFAULT_STAGE,))
        names[api_id] = mapping.text("DomainName")
        mapping.finish()
    return names
