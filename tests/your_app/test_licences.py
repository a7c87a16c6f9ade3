"""The packages of your functions: whether their licences let you hand them on."""

from aws_jwt_authorizer.function_sources import LAMBDA_SRC, functions_in
from stacks.released import print_licences


def test_every_licence_of_every_bundle_may_be_handed_on() -> None:
    assert print_licences(functions_in(LAMBDA_SRC)), "make licences says which may not"
