"""Every field of the table's vocabulary refuses what its type does not allow, in one line."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from aws_jwt_authorizer.access.policy_document import print_policy
from aws_jwt_authorizer.access.rules import (
    AccessTable,
    HttpBackend,
    Issuer,
    PathParameter,
    Route,
    Rule,
)
from aws_jwt_authorizer.access.table_checks import AccessInvalid, check_table
from tests.sample.access import ACCESS

SAMPLES: dict[type, Any] = {
    Issuer: Issuer("partner", "https://login.partner.example", ("orders-api",)),
    PathParameter: PathParameter("id"),
    Rule: Rule(issuers=("partner",)),
    HttpBackend: HttpBackend("inventory"),
    Route: Route("GET /x/{id}", "orders", "lambda", Rule(issuers=("partner",))),
}
ISSUERS = (Issuer("cognito"), SAMPLES[Issuer])
TABLE = replace(ACCESS, issuers=ISSUERS, routes=(SAMPLES[Route],))


class Stranger:
    """A value of no type that the table knows; its repr has two lines."""

    def __repr__(self) -> str:
        return "a\nstranger"


WRONG_VALUES = (Stranger(), 1.5, b"orders", ["orders-api"], {"orders-api"}, (1, 2), ("a", None))
EVERY_FIELD = [(kind, field.name) for kind in (AccessTable, *SAMPLES) for field in fields(kind)]


def table_with(kind: type, field: str, value: Any) -> AccessTable:
    """A good table but for one field of one object of this kind."""
    if kind is AccessTable:
        return replace(TABLE, **{field: value})
    wrong = replace(SAMPLES[kind], **{field: value})
    if kind is Issuer:
        return replace(TABLE, issuers=(ISSUERS[0], wrong))
    route: Route = SAMPLES[Route]
    if kind is Rule:
        wrong = replace(route, rule=wrong)
    if kind is PathParameter:
        wrong = replace(route, rule=Rule(issuers=("partner",), claims={"sub": wrong}))
    if kind is HttpBackend:
        wrong = replace(route, backend=wrong)
    return replace(TABLE, routes=(wrong,))


def refusal(table: AccessTable) -> str:
    with pytest.raises(AccessInvalid) as caught:
        check_table(table)
    text = str(caught.value)
    assert text.startswith("stacks/access.py: ")
    assert "\n" not in text
    return text


def test_the_good_table_is_good() -> None:
    check_table(TABLE)


@pytest.mark.parametrize("value", WRONG_VALUES, ids=repr)
@pytest.mark.parametrize(("kind", "field"), EVERY_FIELD)
def test_a_value_of_a_wrong_type_is_refused_in_one_line_that_names_the_field(
    kind: type, field: str, value: Any
) -> None:
    text = refusal(table_with(kind, field, value))
    name = field.upper() if kind is AccessTable else field
    assert name in text
    assert "it must be" in text or "write" in text


TUPLES_OF_NAMES = [
    (kind, field) for kind, field in EVERY_FIELD if get_type_hints(kind)[field] == tuple[str, ...]
]


def test_there_are_tuples_of_names() -> None:
    assert (Issuer, "audiences") in TUPLES_OF_NAMES
    assert (AccessTable, "trigger_scopes") in TUPLES_OF_NAMES
    assert len(TUPLES_OF_NAMES) >= 7


@pytest.mark.parametrize(("kind", "field"), TUPLES_OF_NAMES)
def test_a_forgotten_comma_is_told_with_the_comma(kind: type, field: str) -> None:
    text = refusal(table_with(kind, field, "orders-api"))
    assert "is 'orders-api', which is not a tuple: write ('orders-api',) with a comma" in text


@pytest.mark.parametrize("names", [("",), ("orders-api", ""), ("a", 5), ("a", None)])
@pytest.mark.parametrize(("kind", "field"), TUPLES_OF_NAMES)
def test_every_name_of_a_tuple_is_a_string_that_is_not_empty(
    kind: type, field: str, names: Any
) -> None:
    text = refusal(table_with(kind, field, names))
    assert f"is {names!r}, it must be a tuple of names, none of them empty" in text


@pytest.mark.parametrize(("kind", "field"), TUPLES_OF_NAMES)
def test_every_name_of_a_tuple_stands_there_once(kind: type, field: str) -> None:
    text = refusal(table_with(kind, field, ("a", "b", "a")))
    assert "is ('a', 'b', 'a'), name each only once" in text


MAPPINGS = [
    (kind, field)
    for kind, field in EVERY_FIELD
    for option in (get_type_hints(kind)[field], *get_args(get_type_hints(kind)[field]))
    if get_origin(option) is Mapping
]


@pytest.mark.parametrize(("kind", "field"), MAPPINGS)
def test_a_dictionary_has_strings_as_its_keys_and_no_list_as_a_value(
    kind: type, field: str
) -> None:
    assert "has the key 5, it must be a string" in refusal(table_with(kind, field, {5: "x"}))
    assert "['a/b'] is ['x'], it must be" in refusal(table_with(kind, field, {"a/b": ["x"]}))


@pytest.mark.parametrize(
    ("kind", "field", "value", "text"),
    [
        (
            Issuer,
            "audiences",
            "orders-api",
            "issuer 'partner': audiences is 'orders-api', which is",
        ),
        (Issuer, "name", 5, "ISSUERS[1].name is 5, it must be a string"),
        (
            Issuer,
            "from_stage",
            "no",
            "issuer 'partner': from_stage is 'no', it must be True or False",
        ),
        (
            Route,
            "rule",
            ("a",),
            "route 'GET /x/{id}': rule is ('a',), it must be a Rule, an AnyOf or None",
        ),
        (Route, "rule", {}, "route 'GET /x/{id}': rule is {}, it must be a Rule, an AnyOf or None"),
        (Route, "backend", None, "backend is None, it must be a string or a HttpBackend"),
        (Route, "cookie", 1, "route 'GET /x/{id}': cookie is 1, it must be True or False"),
        (Rule, "claims", ["admin"], "rule.claims is ['admin'], it must be a dictionary or None"),
        (Rule, "token_use", "refresh", "rule.token_use is 'refresh', it must be 'access', 'id' or"),
        (PathParameter, "name", 5, "route 'GET /x/{id}': rule.claims['sub'].name is 5, it must be"),
        (
            HttpBackend,
            "identity_headers",
            ("x",),
            "backend 'inventory': identity_headers is ('x',)",
        ),
        (AccessTable, "issuers", Issuer("cognito"), "ISSUERS is Issuer(name='cognito', url=None"),
        (AccessTable, "scopes", ("a/b",), "SCOPES is ('a/b',), it must be a dictionary"),
        (AccessTable, "routes", (Rule(),), "ROUTES[0] is Rule(issuers=()"),
    ],
)
def test_the_line_says_where_what_and_how(kind: type, field: str, value: Any, text: str) -> None:
    assert text in refusal(table_with(kind, field, value))


def test_the_command_tells_it_in_one_line_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert print_policy(table_with(Issuer, "audiences", "orders-api")) == 1
    assert capsys.readouterr().err == (
        "stacks/access.py: issuer 'partner': audiences is 'orders-api', which is not a tuple: "
        "write ('orders-api',) with a comma\n"
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://login.partner.example/\u200b",
        "https://ex\u00e4mple.com",
        "https://login.partner.example:99999",
        "https://login.partner.example:0",
        "https://login.partner.example/\x7f",
        "https://user@login.partner.example",
        "https://",
    ],
)
def test_an_address_that_the_function_would_refuse_is_refused(url: str) -> None:
    assert f"issuer 'partner': url {url!r} must be an https URL" in refusal(
        table_with(Issuer, "url", url)
    )
