"""The access table and who signs people in -> the function that serves the page."""

from aws_jwt_authorizer.access.rules import AccessTable
from aws_jwt_authorizer.function_sources import PAGE
from stacks.browser.browser_sign_in import BrowserSignIn
from stacks.browser.page_routes import page_routes_json
from stacks.browser.web_page import page_files
from stacks.functions.python_function import FunctionSpec

MEMORY_MB = 256
TIMEOUT_SECONDS = 10


def page_spec(table: AccessTable, sign_in: BrowserSignIn) -> FunctionSpec:
    """Return the function, with the built page in its bundle.

    Args:
        table: The table of the stage, which `check_table` has accepted.
        sign_in: Who signs people in, and as which client.

    Raises:
        PageBuildFailed: node or what the build needs is not set up, or the sources are wrong.
    """
    routes = page_routes_json(table, sign_in.issuer_name)
    return FunctionSpec(
        PAGE,
        MEMORY_MB,
        TIMEOUT_SECONDS,
        environment=sign_in.page_environment,
        files={**page_files(), "routes.json": routes},
    )
