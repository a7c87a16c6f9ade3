"""What each route of a stage lets through, as it is deployed and as it is served here."""

from typing import Any

import pytest

from local.template.local_app import ThrottleConfig
from local.this_app.synthesis.stage_app import read_this_app
from tests.synth.synthesis import Synthesis

REFUND, BUSY = "POST /orders/{id}/refund", "GET /whoami"
OF_BROWSER = ("/app", "/session")


def limits(made: Synthesis) -> dict[str, tuple[int, int]]:
    """Rate and burst of each route that has its own."""
    settings: dict[str, Any] = made.only("AWS::ApiGatewayV2::Stage")["RouteSettings"]
    return {
        key: (item["ThrottlingRateLimit"], item["ThrottlingBurstLimit"])
        for key, item in settings.items()
    }


def test_the_stage_throttles_every_route(dev: Synthesis) -> None:
    settings = dev.only("AWS::ApiGatewayV2::Stage")["DefaultRouteSettings"]
    assert (settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]) == (50, 100)


def test_each_public_route_has_less_and_those_of_the_browser_their_own(dev: Synthesis) -> None:
    found = limits(dev)
    public = {
        item["Properties"]["RouteKey"]
        for _, item in dev.resources("AWS::ApiGatewayV2::Route")
        if item["Properties"]["AuthorizationType"] == "NONE"
    }
    assert found.keys() == public
    browser = {key for key in public if key.partition(" ")[2].startswith(OF_BROWSER)}
    assert "GET /session/login" in browser
    assert {found[key] for key in browser} == {(20, 40)}
    assert {key: found[key] for key in public - browser} == {"GET /health": (10, 15)}


def test_a_route_has_the_limit_that_the_stage_gives_it_and_more_is_said(prod: Synthesis) -> None:
    found = limits(prod)
    assert (found[REFUND], found[BUSY]) == ((5, 10), (600, 50))
    said = (prod.folder / "jwt-authorizer-prod-api.metadata.json").read_text()
    assert said.count("lets more through") == 1
    where = f"context.stages.prod.route_throttles.{BUSY}.rate_per_second"
    assert f"{where} is 600, and throttle_rate_per_second is 500: this route lets more" in said


@pytest.mark.parametrize(("stage", "metrics"), [("dev", False), ("prod", True)])
def test_a_route_with_a_limit_has_the_stages_metrics_and_is_there_first(
    stage: str, metrics: bool, request: pytest.FixtureRequest
) -> None:
    made: Synthesis = request.getfixturevalue(stage)
    [(_, resource)] = made.resources("AWS::ApiGatewayV2::Stage")
    settings = resource["Properties"]["RouteSettings"].values()
    assert {item["DetailedMetricsEnabled"] for item in settings} == {metrics}
    routes = {name for name, _ in made.resources("AWS::ApiGatewayV2::Route")}
    assert routes <= set(resource["DependsOn"])


def test_this_machine_serves_the_same_limits(local: Synthesis) -> None:
    [stage] = read_this_app(local.folder).api.stages
    assert {
        key: (limit.rate_per_second, limit.burst)
        for key, limit in stage.route_throttles.items()
        if isinstance(limit, ThrottleConfig)
    } == limits(local)
    assert stage.route_throttles["GET /health"] == ThrottleConfig(250, 500)
    assert stage.throttle == ThrottleConfig(500, 1000)
