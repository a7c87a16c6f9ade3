"""`python -m local token`: print an access token of a demo user, signed in as the page does it.

Or of a machine client of the access table, by client credentials.
"""

import json
from pathlib import Path

from local.cognito.demo_users import DemoUser
from local.errors import DemoFailed
from local.this_app.sign_in import PublicClient, access_token_of_machine, tokens_by_code


def access_token(outputs_path: Path, name: str) -> str:
    """Get a token of a stack that serves: a person's by code with PKCE, a machine's for itself.

    Args:
        outputs_path: What that stack has written.
        name: A person's address or what stands before its @, or a machine client's name.

    Returns:
        An access token with all the scopes that the app client may ask for: the page's, where there
        is one, or the machine's own.

    Raises:
        DemoFailed: No stack serves, it has no such user, or a step was refused.
    """
    try:
        outputs = json.loads(outputs_path.read_text(encoding="utf-8"))
    except OSError:
        raise DemoFailed(
            f"no stack serves with {outputs_path}; start one with make local"
        ) from None
    users = {item["username"]: item for item in outputs["demo_users"]}
    found = users.get(name) or users.get(f"{name}@example.com")
    machine = outputs["machines"].get(name)
    if found is None and machine is not None:
        url = outputs["cognito_endpoint"]
        return access_token_of_machine(url, machine["client_id"], machine["client_secret"])
    if found is None:
        people = [username.partition("@")[0] for username in users]
        known = ", ".join([*people, *outputs["machines"]])
        raise DemoFailed(f"unknown demo user {name!r}; use one of {known}")
    app = outputs["sign_in"]
    if app is None:
        raise DemoFailed("the user pool has no app client that signs people in by code")
    client = PublicClient(
        app["client_id"], app["redirect_uri"], tuple(app["scopes"]), app["second_factor"]
    )
    user = DemoUser(found["username"], found["password"], tuple(found["groups"]))
    return str(tokens_by_code(outputs["cognito_endpoint"], client, user)["access_token"])
