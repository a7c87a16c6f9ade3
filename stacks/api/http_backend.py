"""HttpBackend and where it is -> HTTP_PROXY integrations that tell it who calls."""

from collections.abc import Mapping, Sequence

import jsii
from aws_cdk import aws_apigatewayv2 as apigwv2
from aws_cdk import aws_apigatewayv2_integrations as integrations
from constructs import Construct

from aws_jwt_authorizer.access.identity_headers import COOKIE, identity_values
from aws_jwt_authorizer.access.rules import HttpBackend, Route
from stacks.stage.parts.addresses import HttpAddress, PrivateAddress, PublicAddress


class HttpBackends(Construct):
    """The servers of the access table; a VPC link for each that stands in a VPC.

    Args:
        addresses: Where each is, by name.
        not_passed_on: Headers that are for the API alone.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        addresses: Mapping[str, HttpAddress],
        not_passed_on: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        self._addresses = addresses
        self._not_passed_on = not_passed_on
        self._links = {
            name: apigwv2.CfnVpcLink(
                self,
                f"VpcLink-{name}",
                name=f"{construct_id}-{name}",
                subnet_ids=list(address.subnet_ids),
                security_group_ids=list(address.security_group_ids),
            )
            for name, address in addresses.items()
            if isinstance(address, PrivateAddress)
        }

    def integration(self, route: Route, backend: HttpBackend) -> apigwv2.HttpRouteIntegration:
        """Return the integration of one route: the server is asked by the same method and path.

        Args:
            route: A route that the backend answers.
            backend: A backend whose address the stage has given.
        """
        mapping = _mapping(route, backend)
        for header in self._not_passed_on:
            mapping.remove_header(header)
        match self._addresses[backend.name]:
            case PublicAddress() as address:
                path = route.key.split(" ")[1].replace("+}", "}")
                return integrations.HttpUrlIntegration(
                    f"Http {route.key}", address.url + path, parameter_mapping=mapping
                )
            case PrivateAddress() as address:
                link = self._links[backend.name]
                return _PrivateIntegration(f"Http {route.key}", address, link, mapping)


class _PrivateIntegration(apigwv2.HttpRouteIntegration):
    """A server in a VPC by its ARN: CDK's own classes want the server's whole construct."""

    def __init__(
        self,
        integration_id: str,
        address: PrivateAddress,
        link: apigwv2.CfnVpcLink,
        mapping: apigwv2.ParameterMapping,
    ) -> None:
        super().__init__(integration_id)
        self._address = address
        self._link = link
        self._mapping = mapping

    @jsii.member(jsii_name="bind")
    def bind(
        self, *, route: apigwv2.IHttpRoute, scope: Construct
    ) -> apigwv2.HttpRouteIntegrationConfig:
        """Bind the integration; CDK calls this when it makes the route."""
        del route, scope
        return apigwv2.HttpRouteIntegrationConfig(
            type=apigwv2.HttpIntegrationType.HTTP_PROXY,
            payload_format_version=apigwv2.PayloadFormatVersion.VERSION_1_0,
            method=apigwv2.HttpMethod.ANY,
            connection_type=apigwv2.HttpConnectionType.VPC_LINK,
            connection_id=self._link.ref,
            uri=self._address.target_arn,
            secure_server_name=self._address.server_name,
            parameter_mapping=self._mapping,
        )


def _mapping(route: Route, backend: HttpBackend) -> apigwv2.ParameterMapping:
    # A page that this API serves has cookies for the whole host, and a browser sends them to every
    # path of it: one of them may hold an access token, which is none of the server's business.
    mapping = apigwv2.ParameterMapping().remove_header(COOKIE)
    for header, value in identity_values(route, backend).items():
        if value is None:
            mapping.remove_header(header)
        else:
            mapping.overwrite_header(header, apigwv2.MappingValue.custom(value))
    return mapping
