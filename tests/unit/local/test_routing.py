import pytest

from local.gateway.routing import Router

from .gateway_values import route

KEYS = (
    "$default",
    "ANY /{proxy+}",
    "GET /pets/{proxy+}",
    "GET /pets/{id}",
    "GET /pets/dog",
    "ANY /pets/cat",
    "GET /pets/{id}/toys",
    "GET /pets/{id}/{toy+}",
    "GET /",
)


@pytest.mark.parametrize(
    ("method", "path", "key"),
    [
        ("GET", "/pets/dog", "GET /pets/dog"),
        ("GET", "/pets/bird", "GET /pets/{id}"),
        ("GET", "/pets/cat", "GET /pets/{id}"),
        ("POST", "/pets/cat", "ANY /pets/cat"),
        ("GET", "/pets/dog/1", "GET /pets/{id}/{toy+}"),
        ("GET", "/pets/dog/toys", "GET /pets/{id}/toys"),
        ("POST", "/pets/dog", "ANY /{proxy+}"),
        ("GET", "/other", "ANY /{proxy+}"),
        ("GET", "/", "GET /"),
        ("POST", "/", "$default"),
    ],
)
def test_the_most_specific_route_is_selected_whatever_the_order(
    method: str, path: str, key: str
) -> None:
    for order in (KEYS, KEYS[::-1]):
        match = Router([route(each) for each in order]).match(method, path)
        assert match is not None
        assert match.route.key == key


@pytest.mark.parametrize(
    ("key", "path", "parameters"),
    [
        ("GET /orders/{id}", "/orders/a%2Fb", {"id": "a/b"}),
        ("GET /orders/{id}", "/orders/a%252Fb", {"id": "a/b"}),
        ("GET /orders/{id}", "/orders/%2525", {"id": "%"}),
        ("GET /orders/{id}", "/orders/a%3Fb", {"id": "a?b"}),
        ("GET /{proxy+}", "/a/b%20c/", {"proxy": "a/b c/"}),
        ("GET /{a}/{b}", "/1/2", {"a": "1", "b": "2"}),
        ("GET /caf%C3%A9", "/caf%c3%a9", None),
        ("GET /a b", "/a%20b", {}),
    ],
)
def test_parameters_are_decoded_after_the_path_is_split(
    key: str, path: str, parameters: dict[str, str] | None
) -> None:
    match = Router([route(key)]).match("GET", path)
    assert (match.path_parameters if match else None) == parameters


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("GET /orders", "/orders/"),
        ("GET /orders/{id}", "/orders/"),
        ("GET /orders/{id}", "/orders"),
        ("GET /orders/{id+}", "/orders"),
        ("GET /orders/{id+}", "/orders/"),
        ("GET /orders", "/Orders"),
        ("GET /orders", "//orders"),
        ("GET /orders/{id}", "/orders/1/2"),
    ],
)
def test_what_differs_does_not_match(key: str, path: str) -> None:
    assert Router([route(key)]).match("GET", path) is None


def test_a_wrong_method_does_not_match() -> None:
    assert Router([route("GET /orders")]).match("POST", "/orders") is None
    assert Router([route("GET /orders")]).match("get", "/orders") is None
