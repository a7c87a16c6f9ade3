"""The construct for any HTTP API of a CDK app: what it makes, and what it lets no app forget."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigatewayv2 as apigwv2
from aws_cdk import aws_cognito as cognito
from aws_cdk.aws_apigatewayv2_integrations import HttpUrlIntegration

from authorizer.policy import RoutePolicy
from authorizer.settings import Settings
from aws_jwt_authorizer import JwtAuthorizer, PathParameter, Rule, presets, user_pool_issuer
from aws_jwt_authorizer.access.issuers import Issuer
from aws_jwt_authorizer.access.table_checks import AccessInvalid
from aws_jwt_authorizer.authorizers.authorizer_function import BUNDLE_FOR

AUTH0 = presets.auth0("auth0", "acme.eu.auth0.com", audience="pets")
OF_OWNER = Rule(issuers=("auth0",), claims={"sub": PathParameter("owner")})
GET, POST = apigwv2.HttpMethod.GET, apigwv2.HttpMethod.POST
UNBUNDLED: Mapping[str, Any] = {"aws:cdk:bundling-stacks": []}
Resources = list[dict[str, Any]]


def pets() -> HttpUrlIntegration:
    return HttpUrlIntegration("Pets", "https://pets.example")


class App:
    """Somebody else's app, with an HTTP API of its own."""

    def __init__(self, folder: Path, context: Mapping[str, Any] = UNBUNDLED) -> None:
        self.app = cdk.App(analytics_reporting=False, outdir=str(folder), context=context)
        self.stack = cdk.Stack(self.app, "Pets")
        self.api = apigwv2.HttpApi(self.stack, "Api")

    def authorizer(self, routes: Mapping[str, Any], *issuers: Issuer, **more: Any) -> JwtAuthorizer:
        return JwtAuthorizer(
            self.stack, "Authorizer", issuers=issuers or (AUTH0,), routes=routes, **more
        )

    def route(
        self, path: str, authorizer: Any = None, method: apigwv2.HttpMethod | None = GET
    ) -> None:
        methods = [method] if method else None
        self.api.add_routes(path=path, methods=methods, integration=pets(), authorizer=authorizer)

    def template(self) -> dict[str, Any]:
        made = self.app.synth().get_stack_by_name("Pets").template
        assert isinstance(made, dict)
        return made

    def problems(self) -> str:
        with pytest.raises(RuntimeError) as caught:
            self.app.synth()
        return str(caught.value)


@pytest.fixture
def somebody(tmp_path: Path) -> App:
    return App(tmp_path / "cdk.out")


def of_type(template: dict[str, Any], kind: str) -> Resources:
    return [item["Properties"] for item in template["Resources"].values() if item["Type"] == kind]


def authorizer_of(template: dict[str, Any], route_key: str) -> dict[str, Any]:
    [route] = [
        item
        for item in of_type(template, "AWS::ApiGatewayV2::Route")
        if item["RouteKey"] == route_key
    ]
    made: dict[str, Any] = template["Resources"][route["AuthorizerId"]["Ref"]]["Properties"]
    return made


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """An API with routes of each kind, and a pool of its own beside Auth0."""
    made = App(tmp_path_factory.mktemp("pets"))
    pool = cognito.UserPool(made.stack, "Pool")
    of_pool = user_pool_issuer("pool", pool, [pool.add_client("Web")])
    authorizer = made.authorizer(
        {"GET /pets": Rule(), "ANY /all": Rule(), "POST /owners/{owner}": OF_OWNER},
        AUTH0,
        of_pool,
        claims_for_backends={"email": "email"},
    )
    made.route("/pets", authorizer)
    made.route("/all", authorizer, None)
    made.route("/owners/{owner}", authorizer, POST)
    return made.template()


def test_nothing_that_the_gateway_decides_by_is_left_to_a_default(template: dict[str, Any]) -> None:
    for key in ("GET /pets", "ANY /all", "POST /owners/{owner}"):
        authorizer = authorizer_of(template, key)
        assert authorizer["EnableSimpleResponses"] is True
        assert authorizer["AuthorizerPayloadFormatVersion"] == "2.0"
        assert authorizer["IdentitySource"] == [
            "$request.header.Authorization",
            "$context.routeKey",
        ]


def test_a_decision_by_the_path_is_not_kept_and_others_are(template: dict[str, Any]) -> None:
    assert authorizer_of(template, "POST /owners/{owner}")["AuthorizerResultTtlInSeconds"] == 0
    assert authorizer_of(template, "GET /pets")["AuthorizerResultTtlInSeconds"] == 60
    assert authorizer_of(template, "ANY /all")["AuthorizerResultTtlInSeconds"] == 60


def resolved(value: Any) -> str:
    match value:
        case {"Fn::Join": [str(glue), list(parts)]}:
            return glue.join(map(resolved, parts))
        case {"Ref": "AWS::Region"}:
            return "eu-west-1"
        case {"Ref": str(name)}:
            return "eu-west-1_AbCdEfGhI" if name.startswith("PoolD") else name
    return str(value)


def test_the_function_starts_with_what_it_is_told(template: dict[str, Any], tmp_path: Path) -> None:
    [function] = of_type(template, "AWS::Lambda::Function")
    environment = {
        name: resolved(value) for name, value in function["Environment"]["Variables"].items()
    }
    settings = Settings.from_env({**environment, "LAMBDA_TASK_ROOT": str(tmp_path)})
    assert [issuer.name for issuer in settings.issuers] == ["auth0", "pool"]
    assert settings.issuers[1].is_cognito
    assert len(settings.issuers[1].client_ids) == 1
    assert settings.stage == "Pets"


def test_the_policy_in_the_bundle_is_the_rules_of_the_routes(tmp_path: Path) -> None:
    made = App(tmp_path / "cdk.out", {BUNDLE_FOR: "host"})
    made.route("/pets", made.authorizer({"GET /pets": Rule(scopes_all=("pets/read",))}))
    template = made.template()
    [function] = of_type(template, "AWS::Lambda::Function")
    key = function["Code"]["S3Key"].removesuffix(".zip")
    bundle = tmp_path / "cdk.out" / f"asset.{key}"
    policy = (bundle / "policy.json").read_bytes()
    assert RoutePolicy.from_json(policy)
    [(key, rule)] = json.loads(policy)["routes"].items()
    assert (key, rule["in_words"]) == ("GET /pets", "a token of auth0 with the scope pets/read")


def test_an_api_that_is_imported_takes_the_authorizer(somebody: App) -> None:
    imported = apigwv2.HttpApi.from_http_api_attributes(
        somebody.stack, "Existing", http_api_id="abc1234567"
    )
    authorizer = somebody.authorizer({"GET /pets/{id}": Rule()})
    apigwv2.HttpRoute(
        somebody.stack,
        "Pet",
        http_api=imported,
        route_key=apigwv2.HttpRouteKey.with_("/pets/{id}", GET),
        integration=pets(),
        authorizer=authorizer.for_route("GET /pets/{id}"),
    )
    template = somebody.template()
    assert authorizer_of(template, "GET /pets/{id}")["ApiId"] == "abc1234567"
    [permission] = of_type(template, "AWS::Lambda::Permission")
    assert "abc1234567/authorizers/" in str(permission["SourceArn"])


def test_it_may_be_the_default_authorizer_of_an_api(somebody: App) -> None:
    authorizer = somebody.authorizer({"GET /pets": Rule(), "$default": Rule()})
    api = apigwv2.HttpApi(
        somebody.stack, "Guarded", default_authorizer=authorizer, default_integration=pets()
    )
    api.add_routes(path="/pets", methods=[GET], integration=pets())
    template = somebody.template()
    assert authorizer_of(template, "GET /pets") == authorizer_of(template, "$default")


def test_a_route_without_a_rule_cannot_be_given_it(somebody: App) -> None:
    authorizer = somebody.authorizer({"GET /pets": Rule()})
    with pytest.raises(
        RuntimeError, match="^JwtAuthorizer: route 'POST /pets' has no rule: add it"
    ):
        somebody.route("/pets", authorizer, POST)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (
            "/pets",
            "GET /pets: its rule is not in force, for the route is not given this authorizer",
        ),
        ("/cats", "GET /pets: it has a rule, and no route of this app has this key: remove it"),
    ],
)
def test_a_rule_that_guards_nothing_stops_synth(somebody: App, path: str, told: str) -> None:
    somebody.authorizer({"GET /pets": Rule()})
    somebody.route(path)
    assert told in somebody.problems()


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("identity_source", ["$request.header.Authorization"], "GET /pets: its authorizer's cache must tell routes apart: $context.routeKey"),
        ("enable_simple_responses", False, "authorizer Authorizer: the function gives simple responses"),
        ("authorizer_payload_format_version", "1.0", "authorizer Authorizer: the function reads payload format 2.0"),
        ("authorizer_result_ttl_in_seconds", None, "authorizer Authorizer: say how long a decision is kept"),
    ],
)  # fmt: skip
def test_whatever_touches_the_gateways_authorizer_later_stops_synth(
    somebody: App, field: str, value: object, told: str
) -> None:
    somebody.route("/pets", somebody.authorizer({"GET /pets": Rule()}))
    [made] = [
        item for item in somebody.stack.node.find_all() if isinstance(item, apigwv2.CfnAuthorizer)
    ]
    setattr(made, field, value)
    assert told in somebody.problems()


def test_an_authorizer_that_is_not_ours_is_left_alone(somebody: App) -> None:
    somebody.route("/pets", somebody.authorizer({"GET /pets": Rule()}))
    apigwv2.CfnAuthorizer(
        somebody.stack,
        "Theirs",
        api_id=somebody.api.api_id,
        authorizer_type="REQUEST",
        name="theirs",
        authorizer_uri="arn:aws:lambda:eu-west-1:123456789012:function:theirs",
        authorizer_payload_format_version="1.0",
    )
    somebody.template()


def test_more_authorizers_than_an_api_takes_stop_synth(somebody: App) -> None:
    somebody.route("/pets", somebody.authorizer({"GET /pets": Rule()}))
    for number in range(10):
        apigwv2.CfnAuthorizer(
            somebody.stack,
            f"Theirs{number}",
            api_id=somebody.api.api_id,
            authorizer_type="JWT",
            name=f"theirs{number}",
            identity_source=["$request.header.Authorization"],
            jwt_configuration={"audience": ["a"], "issuer": "https://login.partner.example"},
        )
    assert "an API has 11 authorizers, and takes 10" in somebody.problems()


@pytest.mark.parametrize(
    ("issuers", "routes", "told"),
    [
        ((), {"GET /pets": Rule()}, "issuers: name at least one"),
        ((AUTH0,), [], "routes must be a dictionary of rules by route key"),
        ((AUTH0,), {}, "ROUTES: name at least one route"),
        ((AUTH0,), {"/pets": Rule()}, "route '/pets': write it as"),
        ((AUTH0,), {"GET /pets": None}, "route 'GET /pets': say what it asks for, Rule() means any valid token"),
        ((AUTH0,), {"GET /pets": "pets/read"}, "route 'GET /pets': rule is 'pets/read', it must be a Rule"),
        ((AUTH0,), {"GET /pets": Rule(issuers=("okta",))}, "route 'GET /pets': issuer 'okta' is unknown, use one of auth0"),
        ((AUTH0,), {"GET /pets": Rule(check="mine:check")}, "route 'GET /pets': remove its check"),
        ((AUTH0,), {f"GET /p{n}": Rule() for n in range(301)}, "routes: 301, and an API takes 300"),
        ((Issuer("cognito"),), {"GET /pets": Rule()}, "issuer 'cognito': give it a url; user_pool_issuer(...) makes"),
        ((Issuer("x", "https://x.example", ("a",), jwks_file="no.json"),), {"GET /pets": Rule()}, "issuer 'x': jwks_file: 'no.json' cannot be read (FileNotFoundError)"),
        ((Issuer("x", "https://cognito-idp.eu-west-1.amazonaws.com/us-east-1_AbCdEfGhI", ("a",)),), {"GET /pets": Rule()}, "issuer 'x': url: 'https://cognito-idp"),
    ],
)  # fmt: skip
def test_what_cannot_be_served_is_told_in_one_line(
    somebody: App, issuers: tuple[Issuer, ...], routes: Any, told: str
) -> None:
    with pytest.raises(AccessInvalid) as caught:
        JwtAuthorizer(somebody.stack, "Authorizer", issuers=issuers, routes=routes)
    text = str(caught.value)
    assert text.startswith(f"JwtAuthorizer: {told}")
    assert "\n" not in text


def test_another_machine_than_this_and_lambdas_is_refused(tmp_path: Path) -> None:
    somebody = App(tmp_path / "cdk.out", {BUNDLE_FOR: "moon"})
    with pytest.raises(AccessInvalid, match="jwt_authorizer_bundle_for is 'moon': say 'host'"):
        somebody.authorizer({"GET /pets": Rule()})
