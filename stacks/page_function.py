"""The access table and the page's client -> the function that serves the page."""

from stacks.function_sources import PAGE
from stacks.issuer_address import discovery_uri
from stacks.page_routes import page_routes_json
from stacks.python_function import FunctionSpec
from stacks.rules import AccessTable
from stacks.web_page import page_files

MEMORY_MB = 256
TIMEOUT_SECONDS = 10


def page_spec(
    table: AccessTable,
    *,
    issuer_name: str,
    issuer: str,
    client_id: str,
    scopes: str,
    public_url: str,
) -> FunctionSpec:
    """The function, with the built page in its bundle.

    Args:
        table: The table of the stage, which `check_table` has accepted.
        issuer_name: What the table calls who signs people in.
        issuer: The `iss` of the tokens that the page signs in for.
        client_id: Of the page, at that issuer: a public client that may use the code grant.
        scopes: What the page asks for, with spaces between.
        public_url: The API's origin, without closing slash.

    Raises:
        PageBuildFailed: node or what the build needs is not set up, or the sources are wrong.
    """
    return FunctionSpec(
        PAGE,
        MEMORY_MB,
        TIMEOUT_SECONDS,
        environment={
            "ISSUER": issuer,
            "DISCOVERY_URI": discovery_uri(issuer),
            "CLIENT_ID": client_id,
            "SCOPES": scopes,
            "PUBLIC_URL": public_url,
        },
        files={**page_files(), "routes.json": page_routes_json(table, issuer_name)},
    )
