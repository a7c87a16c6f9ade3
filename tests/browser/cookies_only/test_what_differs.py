"""Why this folder repeats only some tests: what answers in the others is deployed alike."""

from pathlib import Path

from local.template.local_app import LocalApp
from local.this_app.synthesis.stage_app import read_this_app

PAGE, AUTHORIZER = "page.handler.handler", "authorizer.handler.handler"


def code(app: LocalApp) -> dict[str, str]:
    """The bundle of each function, whose name is a digest of what it is made from."""
    return {function.handler: function.code_folder.name for function in app.functions}


def settings(app: LocalApp) -> dict[str, dict[str, str]]:
    return {function.handler: dict(function.environment) for function in app.functions}


def test_each_function_runs_the_same_code(two_modes: Path, one_mode: Path) -> None:
    assert code(read_this_app(one_mode)) == code(read_this_app(two_modes))


def test_the_session_function_and_the_backends_have_the_same_settings(
    two_modes: Path, one_mode: Path
) -> None:
    both, one = settings(read_this_app(two_modes)), settings(read_this_app(one_mode))
    assert {name for name in both | one if both[name] != one[name]} == {PAGE, AUTHORIZER}


def test_only_the_page_and_its_client_are_missing(two_modes: Path, one_mode: Path) -> None:
    both, one = read_this_app(two_modes), read_this_app(one_mode)
    [client] = {item.id for item in both.pools[0].clients} - {
        item.id for item in one.pools[0].clients
    }
    authorizer = settings(both)[AUTHORIZER]
    without = {**authorizer, "ISSUERS": authorizer["ISSUERS"].replace(f',"{client}"', "")}
    assert settings(one)[AUTHORIZER] == without
    page = settings(both)[PAGE]
    of_its_client = {"ISSUER", "DISCOVERY_URI", "SCOPES", "CLIENT_ID"}
    assert page["CLIENT_ID"] == client
    kept = {name: value for name, value in page.items() if name not in of_its_client}
    assert settings(one)[PAGE] == kept


def test_the_routes_are_the_same(two_modes: Path, one_mode: Path) -> None:
    both, one = read_this_app(two_modes).api.routes, read_this_app(one_mode).api.routes
    assert [route.key for route in one] == [route.key for route in both]
    # The one route of API Gateway's own JWT authorizer names the clients too.
    assert [route.key for route, other in zip(both, one, strict=True) if route != other] == [
        "GET /me"
    ]
