from collections.abc import Iterator

from authorizer import errors
from authorizer.errors import AuthorizerError


def leaves(kind: type[AuthorizerError] = AuthorizerError) -> Iterator[type[AuthorizerError]]:
    children = kind.__subclasses__()
    if not children:
        yield kind
    for child in children:
        yield from leaves(child)


def test_every_failure_has_a_code_of_its_own() -> None:
    codes = [leaf.code for leaf in leaves()]
    assert len(codes) == len(set(codes)) == 24
    assert all(code.replace("_", "").isalpha() and code.islower() for code in codes)


def test_the_tree_in_the_docstring_names_every_failure() -> None:
    assert errors.__doc__ is not None
    for leaf in leaves():
        assert f"── {leaf.__name__} " in errors.__doc__
