"""`python -m local token`: sign a demo user in as the page does, and print the access token."""

import json
from pathlib import Path

from local.cognito.demo_users import DemoUser
from local.errors import DemoFailed
from local.this_app.sign_in import PublicClient, tokens_by_code


def access_token(outputs_path: Path, name: str) -> str:
    """Sign somebody in at a stack that serves, by authorization code with PKCE.

    Args:
        outputs_path: What that stack has written.
        name: The user's address, or what stands before its @.

    Returns:
        An access token with all the scopes that the page's app client may ask for.

    Raises:
        DemoFailed: No stack serves, it has no such user, or a step was refused.
    """
    try:
        outputs = json.loads(outputs_path.read_text(encoding="utf-8"))
    except OSError:
        raise DemoFailed(
            f"no stack serves with {outputs_path}; start one with make local"
        ) from None
    app = outputs["sign_in"]
    if app is None:
        raise DemoFailed("the user pool has no app client that signs people in by code")
    users = {item["username"]: item for item in outputs["demo_users"]}
    found = users.get(name) or users.get(f"{name}@example.com")
    if found is None:
        known = ", ".join(username.partition("@")[0] for username in users)
        raise DemoFailed(f"unknown demo user {name!r}; use one of {known}")
    client = PublicClient(
        app["client_id"], app["redirect_uri"], tuple(app["scopes"]), app["second_factor"]
    )
    user = DemoUser(found["username"], found["password"], tuple(found["groups"]))
    return str(tokens_by_code(outputs["cognito_endpoint"], client, user)["access_token"])
