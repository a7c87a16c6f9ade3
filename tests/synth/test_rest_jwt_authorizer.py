"""The construct for any REST API of a CDK app, and the responses that only a REST API can have."""

import re
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigateway as apigateway

from aws_jwt_authorizer import (
    Issuer,
    PathParameter,
    RestJwtAuthorizer,
    Rule,
    bearer_responses,
)
from aws_jwt_authorizer.access.table_checks import AccessInvalid

LOGIN = Issuer("login", "https://login.example", audiences=("pets",))
OF_OWNER = Rule(issuers=("login",), claims={"sub": PathParameter("owner")})
ROUTES = {"GET /pets": Rule(), "POST /pets/{owner}": OF_OWNER}


class App:
    """Somebody else's app, with a REST API of its own."""

    def __init__(self, folder: Path) -> None:
        context: dict[str, Any] = {"aws:cdk:bundling-stacks": []}
        self.app = cdk.App(analytics_reporting=False, outdir=str(folder), context=context)
        self.stack = cdk.Stack(self.app, "Pets")
        self.api = apigateway.RestApi(self.stack, "Api")
        self.pets = self.api.root.add_resource("pets")
        self.pet = self.pets.add_resource("{owner}")

    def authorizer(self, routes: Any = None, **more: Any) -> RestJwtAuthorizer:
        return RestJwtAuthorizer(
            self.stack, "Authorizer", issuers=[LOGIN], routes=routes or ROUTES, **more
        )

    def guarded(self) -> RestJwtAuthorizer:
        authorizer = self.authorizer()
        self.method(self.pets, "GET", authorizer.for_route("GET /pets"))
        self.method(self.pet, "POST", authorizer.for_route("POST /pets/{owner}"))
        return authorizer

    def method(self, resource: apigateway.Resource, name: str, authorizer: Any = None) -> None:
        resource.add_method(name, apigateway.MockIntegration(), authorizer=authorizer)

    def resources(self, kind: str) -> list[dict[str, Any]]:
        template = self.app.synth().get_stack_by_name("Pets").template["Resources"]
        return [item["Properties"] for item in template.values() if item["Type"] == kind]

    def problems(self) -> str:
        with pytest.raises(RuntimeError) as caught:
            self.app.synth()
        return str(caught.value)


@pytest.fixture
def somebody(tmp_path: Path) -> App:
    return App(tmp_path / "cdk.out")


def test_an_answer_is_kept_by_token_method_and_path_or_not_at_all(somebody: App) -> None:
    somebody.guarded()
    made = {item["AuthorizerResultTtlInSeconds"]: item for item in somebody.resources("AWS::ApiGateway::Authorizer")}  # fmt: skip
    assert set(made) == {0, 60}
    for authorizer in made.values():
        assert authorizer["Type"] == "REQUEST"
        assert authorizer["IdentitySource"] == (
            "method.request.header.Authorization,context.httpMethod,context.path"
        )
    methods = {item["HttpMethod"]: item for item in somebody.resources("AWS::ApiGateway::Method")}
    assert {item["AuthorizationType"] for item in methods.values()} == {"CUSTOM"}
    assert methods["GET"]["AuthorizerId"] != methods["POST"]["AuthorizerId"]


def test_a_method_without_a_rule_cannot_be_given_it(somebody: App) -> None:
    with pytest.raises(AccessInvalid, match="route 'PUT /pets' has no rule: add it to routes"):
        somebody.authorizer().for_route("PUT /pets")


def test_a_rule_that_is_not_in_force_stops_synth(somebody: App) -> None:
    authorizer = somebody.authorizer({**ROUTES, "GET /cats": Rule()})
    somebody.method(somebody.pets, "GET")
    somebody.method(somebody.pet, "POST", authorizer.for_route("POST /pets/{owner}"))
    text = somebody.problems()
    assert "GET /pets: its rule is not in force, for the method is not given this" in text
    assert "GET /cats: it has a rule, and no method of this app is at this path" in text


def test_an_authorizer_that_was_meant_for_another_method_stops_synth(somebody: App) -> None:
    authorizer = somebody.authorizer()
    somebody.method(somebody.pets, "GET", authorizer.for_route("POST /pets/{owner}"))
    somebody.method(somebody.pets, "PUT", authorizer.for_route("GET /pets"))
    somebody.method(somebody.pet, "POST", authorizer.for_route("GET /pets"))
    text = somebody.problems()
    assert "PUT /pets: it has no rule and is denied: add it to routes" in text
    assert "POST /pets/{owner}: its decision depends on the path as it was sent: TTL 0" in text
    assert "GET /pets:" not in text


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("identity_source", "method.request.header.Authorization", "GET /pets: its authorizer's cache must tell methods and paths apart"),
        ("authorizer_result_ttl_in_seconds", None, "GET /pets: say how long a decision is kept"),
    ],
)  # fmt: skip
def test_whatever_touches_the_gateways_authorizer_later_stops_synth(
    somebody: App, field: str, value: object, told: str
) -> None:
    made = somebody.guarded().for_route("GET /pets").node.default_child
    setattr(made, field, value)
    assert told in somebody.problems()


@pytest.mark.parametrize(
    ("routes", "claims", "told"),
    [
        ({"$default": Rule()}, {}, "route '$default': a REST API has none, write 'ANY /{proxy+}'"),
        ({"GET /pets": Rule()}, {"claims": "sub"}, "CLAIMS_FOR_BACKENDS['claims']: REST APIs keep"),
        ({"GET pets": Rule()}, {}, "route 'GET pets': "),
    ],
)
def test_what_a_rest_api_cannot_have_is_told(
    somebody: App, routes: Any, claims: dict[str, str], told: str
) -> None:
    with pytest.raises(AccessInvalid) as caught:
        somebody.authorizer(routes, claims_for_backends=claims)
    assert str(caught.value).startswith(f"JwtAuthorizer: {told}")


def test_refusals_challenge_for_a_bearer_token_and_can_be_read_by_one_origin(
    somebody: App,
) -> None:
    somebody.guarded()
    bearer_responses(somebody.stack, "Refusals", somebody.api, allowed_origin="https://app.example")
    made = {
        item["ResponseType"]: item
        for item in somebody.resources("AWS::ApiGateway::GatewayResponse")
    }
    header = "gatewayresponse.header."
    challenge = {
        kind: item["ResponseParameters"].get(f"{header}WWW-Authenticate")
        for kind, item in made.items()
    }
    assert challenge == {
        "UNAUTHORIZED": "'Bearer'",
        "ACCESS_DENIED": "'Bearer error=\"insufficient_scope\"'",
        "DEFAULT_4XX": None,
        "DEFAULT_5XX": None,
    }
    assert (made["UNAUTHORIZED"]["StatusCode"], made["ACCESS_DENIED"]["StatusCode"]) == (
        "401",
        "403",
    )
    for item in made.values():
        origin = item["ResponseParameters"][f"{header}Access-Control-Allow-Origin"]
        assert origin == "'https://app.example'"


def test_without_an_origin_no_page_of_another_one_reads_a_refusal(somebody: App) -> None:
    somebody.guarded()
    bearer_responses(somebody.stack, "Refusals", somebody.api)
    made = somebody.resources("AWS::ApiGateway::GatewayResponse")
    assert {item["ResponseType"] for item in made} == {"UNAUTHORIZED", "ACCESS_DENIED"}
    assert "Access-Control" not in str(made)


def test_the_block_of_the_page_makes_a_guarded_api(somebody: App) -> None:
    page = (Path(__file__).parents[2] / "docs" / "adopt.md").read_text("utf-8")
    [block] = re.findall(r"```python\n(.*?)```", page.split("\n## A REST API\n")[1], re.DOTALL)
    somebody.stack.node.try_remove_child("Api")
    names = {
        "LOGIN": LOGIN,
        "apigateway": apigateway,
        "integration": apigateway.MockIntegration(),
        "stack": somebody.stack,
    }
    exec(compile(block, "adopt.md", "exec"), names)  # noqa: S102  # our own document
    [method] = somebody.resources("AWS::ApiGateway::Method")
    assert method["AuthorizationType"] == "CUSTOM"


@pytest.mark.parametrize("origin", ["*", "https://app.example/", "http://app.example", "'x'"])
def test_what_is_no_origin_is_refused(somebody: App, origin: str) -> None:
    with pytest.raises(AccessInvalid, match="it must be an origin such as https://app.example.com"):
        bearer_responses(somebody.stack, "Refusals", somebody.api, allowed_origin=origin)
