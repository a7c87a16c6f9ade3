"""Each rule of deployable.guard stops a template that breaks it; the shipped ones break none."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigatewayv2 as apigwv2
from aws_cdk import aws_cognito as cognito

from aws_jwt_authorizer.access.rules import AccessTable
from aws_jwt_authorizer.constructs.guard_rules import RULES
from stacks import assembly
from tests.sample.access import ACCESS
from tests.sample.paths import CDK_JSON
from tests.synth.synthesis import table_of

PROVIDER = {
    "kind": "google",
    "client_id": "id-1",
    "attributes": {"email": "email"},
    "client_secret": {"secret": "prod/google", "json_key": "client_secret"},
}
SERVER = {"url": "https://inventory.example.com"}


WITH_EVERY_KIND = table_of("GET /me", "GET /whoami", "GET /orders", "GET /inventory/{item}")


@pytest.fixture
def built(folder: Path) -> cdk.App:
    """The app before synth, with a resource of every kind that a rule looks at."""
    return app_with(WITH_EVERY_KIND, folder)


def app_with(access: AccessTable, folder: Path) -> cdk.App:
    made = assembly.new_app(CDK_JSON, str(folder))
    made.node.set_context("aws:cdk:bundling-stacks", [])
    overrides = {"identity_providers": {"google": PROVIDER}, "http_backends": {"inventory": SERVER}}
    made.node.set_context("overrides", overrides)
    assembly.build(made, access)
    return made


def resources(made: cdk.App, kind: Any) -> list[Any]:
    return [item for item in made.node.find_all() if isinstance(item, kind)]


def route(made: cdk.App, key: str) -> apigwv2.CfnRoute:
    [found] = [item for item in resources(made, apigwv2.CfnRoute) if item.route_key == key]
    assert isinstance(found, apigwv2.CfnRoute)
    return found


def open_a_route(made: cdk.App) -> None:
    route(made, "GET /orders").add_property_override("AuthorizationType", "NONE")


def put_scopes_on_a_lambda_route(made: cdk.App) -> None:
    route(made, "GET /orders").authorization_scopes = ["orders/read"]


def authorizers(made: cdk.App) -> list[Any]:
    every = resources(made, apigwv2.CfnAuthorizer)
    return [item for item in every if item.authorizer_type == "REQUEST"]


def answer_policies(made: cdk.App) -> None:
    authorizers(made)[0].enable_simple_responses = False


def read_payload_1(made: cdk.App) -> None:
    authorizers(made)[0].authorizer_payload_format_version = "1.0"


def cache_for_every_route(made: cdk.App) -> None:
    # An override, which no code of ours sees before the template is made.
    authorizers(made)[0].add_property_override(
        "IdentitySource", ["$request.header.Authorization", "$context.path"]
    )


def cache_for_every_caller(made: cdk.App) -> None:
    authorizers(made)[0].identity_source = ["$context.routeKey"]


def cache_for_everything(made: cdk.App) -> None:
    authorizers(made)[0].add_property_override("IdentitySource", [])


def servers(made: cdk.App) -> list[Any]:
    every = resources(made, apigwv2.CfnIntegration)
    return [item for item in every if item.integration_type == "HTTP_PROXY"]


def map_authorization(made: cdk.App) -> None:
    servers(made)[0].add_property_override("RequestParameters.remove:header\\.Authorization", "''")


def map_nothing(made: cdk.App) -> None:
    servers(made)[0].add_property_deletion_override("RequestParameters")


def append_who_calls(made: cdk.App) -> None:
    servers(made)[0].request_parameters = {"append:header.x-user-sub": "$context.authorizer.sub"}


def trust_a_variable_alone(made: cdk.App) -> None:
    override(servers(made)[0], "$context.authorizer.sub")


def trust_a_variable_in_braces(made: cdk.App) -> None:
    override(servers(made)[-1], "${context.authorizer.claims.sub}")


def trust_two_variables(made: cdk.App) -> None:
    override(servers(made)[0], "${context.authorizer.sub}${context.authorizer.issuer}")


def override(integration: Any, value: str) -> None:
    integration.add_property_override("RequestParameters.overwrite:header\\.x-user-sub", value)


def map_no_identity(made: cdk.App) -> None:
    servers(made)[0].request_parameters = {"remove:header.cookie": "''"}


def hand_cookies_on(made: cdk.App) -> None:
    servers(made)[0].add_property_deletion_override("RequestParameters.remove:header\\.cookie")


def client(made: cdk.App) -> Any:
    return resources(made, cognito.CfnUserPoolClient)[0]


def allow_implicit(made: cdk.App) -> None:
    client(made).allowed_o_auth_flows = ["code", "implicit"]


def name_no_flows(made: cdk.App) -> None:
    client(made).explicit_auth_flows = None


def let_everything_be_written(made: cdk.App) -> None:
    client(made).write_attributes = None


def let_the_tenant_be_written(made: cdk.App) -> None:
    client(made).write_attributes = ["email", "custom:tenant"]


def let_a_verification_be_written(made: cdk.App) -> None:
    client(made).write_attributes = ["email", "email_verified"]


def let_a_phone_verification_be_written(made: cdk.App) -> None:
    client(made).write_attributes = ["phone_number", "phone_number_verified"]


def let_the_subject_be_written(made: cdk.App) -> None:
    client(made).write_attributes = ["email", "sub"]


def let_an_administrators_attribute_be_written(made: cdk.App) -> None:
    client(made).write_attributes = ["email", "dev:custom:rank"]


def let_an_attribute_of_no_pool_be_written(made: cdk.App) -> None:
    client(made).write_attributes = ["email", "shoe_size"]


def write_the_secret(made: cdk.App) -> None:
    [provider] = resources(made, cognito.CfnUserPoolIdentityProvider)
    provider.add_property_override("ProviderDetails.client_secret", "s3cr3t")


def write_the_key(made: cdk.App) -> None:
    [provider] = resources(made, cognito.CfnUserPoolIdentityProvider)
    provider.add_property_override("ProviderDetails.private_key", "s3cr3t")


BREAKS: list[tuple[str, Callable[[cdk.App], None]]] = [
    ("ROUTE_HAS_AUTHORIZER", open_a_route),
    ("SCOPES_ONLY_ON_JWT_ROUTES", put_scopes_on_a_lambda_route),
    ("SIMPLE_RESPONSE_V2", answer_policies),
    ("SIMPLE_RESPONSE_V2", read_payload_1),
    ("CACHED_AUTHORIZER_TELLS_ROUTES_APART", cache_for_every_route),
    ("CACHED_AUTHORIZER_TELLS_ROUTES_APART", cache_for_every_caller),
    ("CACHED_AUTHORIZER_TELLS_ROUTES_APART", cache_for_everything),
    ("NO_RESERVED_HEADER_MAPPING", map_authorization),
    ("IDENTITY_HEADERS_OVERWRITTEN", map_nothing),
    ("IDENTITY_HEADERS_OVERWRITTEN", append_who_calls),
    ("IDENTITY_HEADERS_OVERWRITTEN", map_no_identity),
    ("IDENTITY_HEADERS_NEVER_THE_CLIENTS", trust_a_variable_alone),
    ("IDENTITY_HEADERS_NEVER_THE_CLIENTS", trust_a_variable_in_braces),
    ("IDENTITY_HEADERS_NEVER_THE_CLIENTS", trust_two_variables),
    ("COOKIES_KEPT_FROM_SERVERS", hand_cookies_on),
    ("NO_IMPLICIT_GRANT", allow_implicit),
    ("EXPLICIT_AUTH_FLOWS_SET", name_no_flows),
    ("WRITE_ATTRIBUTES_SET", let_everything_be_written),
    ("WRITE_ATTRIBUTES_SET", let_the_tenant_be_written),
    ("WRITE_ATTRIBUTES_THAT_COGNITO_TAKES", let_a_verification_be_written),
    ("WRITE_ATTRIBUTES_THAT_COGNITO_TAKES", let_a_phone_verification_be_written),
    ("WRITE_ATTRIBUTES_THAT_COGNITO_TAKES", let_the_subject_be_written),
    ("WRITE_ATTRIBUTES_THAT_COGNITO_TAKES", let_an_administrators_attribute_be_written),
    ("WRITE_ATTRIBUTES_THAT_COGNITO_TAKES", let_an_attribute_of_no_pool_be_written),
    ("SECRETS_ARE_REFERENCES", write_the_secret),
    ("SECRETS_ARE_REFERENCES", write_the_key),
]


@pytest.mark.parametrize("access", [ACCESS, WITH_EVERY_KIND], ids=["whole", "every kind"])
def test_the_app_as_it_is_breaks_no_rule(folder: Path, access: AccessTable) -> None:
    app_with(access, folder).synth()


@pytest.mark.parametrize(("rule", "spoil"), BREAKS, ids=lambda item: getattr(item, "__name__", ""))
def test_a_template_that_breaks_a_rule_is_not_written(
    built: cdk.App, rule: str, spoil: Callable[[cdk.App], None]
) -> None:
    spoil(built)
    with pytest.raises(RuntimeError) as caught:
        built.synth()
    assert rule in str(caught.value)


def test_every_rule_is_held_by_a_template_that_breaks_it() -> None:
    text = RULES.read_text(encoding="utf-8")
    written = {line.split()[1] for line in text.splitlines() if line.startswith("rule ")}
    assert written == {rule for rule, _ in BREAKS}


def test_a_template_for_this_machine_alone_is_not_held_to_rules_of_deployment(folder: Path) -> None:
    made = assembly.new_app(CDK_JSON, str(folder))
    made.node.set_context("aws:cdk:bundling-stacks", [])
    made.node.set_context("bundle_for", "host")
    assembly.build(made, WITH_EVERY_KIND)
    open_a_route(made)
    made.synth()
