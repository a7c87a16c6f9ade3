from collections.abc import Iterator
from types import ModuleType

import pytest

import authorizer.errors
import jwt_verifier.errors
from jwt_verifier.errors import VerifierError

TREES = [jwt_verifier.errors, authorizer.errors]


def leaves(kind: type[VerifierError] = VerifierError) -> Iterator[type[VerifierError]]:
    children = kind.__subclasses__()
    if not children:
        yield kind
    for child in children:
        yield from leaves(child)


def test_every_failure_has_a_code_of_its_own() -> None:
    codes = [leaf.code for leaf in leaves()]
    assert len(codes) == len(set(codes)) == 28
    assert all(code.replace("_", "").isalpha() and code.islower() for code in codes)


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree.__name__)
def test_the_tree_in_the_docstring_names_every_failure(tree: ModuleType) -> None:
    of_the_tree = [leaf for leaf in leaves() if leaf.__module__ == tree.__name__]
    assert of_the_tree
    for leaf in of_the_tree:
        assert f"── {leaf.__name__} " in (tree.__doc__ or "")
