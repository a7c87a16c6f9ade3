"""The vocabulary of the access table: the app clients of this app's own user pool. Data only.

Where a client may be sent back to differs between stages and stands in cdk.json, under the client's
name. The page that this API serves has clients of its own, which are not in the table.
"""

from collections.abc import Iterable
from dataclasses import dataclass

ALL_SCOPES = ("*",)
"""What a client's `scopes` say for every scope of the table, those that are added later too."""


@dataclass(frozen=True, slots=True)
class WebClient:
    """An app in a browser: authorization code with PKCE, no secret.

    Attributes:
        name: What cdk.json, outputs and the local stack call it, "admin-page".
        scopes: What it may ask for, of the table's; `ALL_SCOPES` for all of them, () for none.
        token_minutes: Life of its access and ID tokens; None for the stage's, which is the longest.
        refresh_days: Life of its refresh tokens; likewise.
    """

    name: str
    scopes: tuple[str, ...]
    token_minutes: int | None = None
    refresh_days: int | None = None


@dataclass(frozen=True, slots=True)
class NativeClient:
    """An app on a phone or a computer: authorization code with PKCE, no secret (RFC 8252).

    It is sent back by its own scheme, by an https link that the app claims, or by http to this
    machine. A stage may let it sign people in by password too.

    Attributes:
        name: As of a `WebClient`.
        scopes: Likewise.
        scheme: The scheme of its own redirect URLs: a domain of yours written backwards,
            "com.example.app" (RFC 8252 section 7.1); None if it has none.
        token_minutes: As of a `WebClient`.
        refresh_days: Likewise.
    """

    name: str
    scopes: tuple[str, ...]
    scheme: str | None = None
    token_minutes: int | None = None
    refresh_days: int | None = None


@dataclass(frozen=True, slots=True)
class MachineClient:
    """A program that calls on its own behalf: client credentials, with a secret, never redirected.

    Attributes:
        name: As of a `WebClient`.
        scopes: What its tokens say, of the table's; at least one.
        token_minutes: As of a `WebClient`.
    """

    name: str
    scopes: tuple[str, ...]
    token_minutes: int | None = None


AppClient = WebClient | NativeClient | MachineClient


def scopes_of(client: AppClient, scopes: Iterable[str]) -> tuple[str, ...]:
    """Return what a client may ask for.

    Args:
        client: A client of a table.
        scopes: The table's.
    """
    return tuple(scopes) if client.scopes == ALL_SCOPES else client.scopes


def construct_name(client: AppClient) -> str:
    """Return what logical ids and outputs call a client: "AdminPage" for "admin-page"."""
    return "".join(part.capitalize() for part in client.name.split("-"))
