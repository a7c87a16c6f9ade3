"""ServedApp -> everyone who calls in the demo, with a token and what is known of it."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import jwt

from local.cognito.demo_users import DemoUser, cognito_client
from local.cognito.pool import ACCESS
from local.json_value import JsonObject
from local.loopback.signing_key import SigningKey
from local.template.pool_config import ClientConfig
from local.this_app.played.hosts import PEOPLE
from local.this_app.played.oidc_provider import OidcProvider
from local.this_app.running_app import ServedApp
from local.this_app.sign_in import (
    PublicClient,
    access_token_by_password,
    access_token_by_provider,
    access_token_of_machine,
    access_token_of_partner,
    tokens_by_code,
)

_HOUR_SECONDS = 3600
_DAY_SECONDS = 24 * _HOUR_SECONDS

_ANOTHER_APP = "another-app"

OWNED_BY = "user"
"""The parameter of a path that says whose something is: in the demo, the owner's."""


@dataclass(frozen=True, slots=True)
class Caller:
    """One row of the table.

    Args:
        name: As the table shows it.
        token: Sent as a bearer token; None sends none.
        claims: What the token says.
        genuine: Whether it was signed by its issuer and has not expired.
        parameters: What it puts into the paths that it calls, where that is not a fixed sample.
    """

    name: str
    token: str | None = field(default=None, repr=False)
    claims: JsonObject = field(default_factory=dict)
    genuine: bool = True
    parameters: Mapping[str, str] = field(default_factory=dict)


def sign_everyone_in(stack: ServedApp) -> list[Caller]:
    """Sign in all callers: people, machines, a partner, and those refused everywhere.

    People are signed in as on the page: with all the scopes that the app may ask for. One of them
    is there by every other client too: by code with the scopes of that client, by password with
    none of ours. All of them call for what is the owner's where a path says whose something is:
    the person's of the last group.
    Who has no client to sign in with is not there.

    Raises:
        DemoFailed: A step of a sign-in was refused.
    """
    app = stack.people_sign_in_with
    people = _people(stack, app) if app else []
    everybody = [
        Caller("nobody"),
        *people,
        *_by_other_clients(stack, app),
        *_machines_of_pool(stack),
        *(_federated(stack, app) if app else ()),
        *_partners(stack),
        *_machines_of_own_issuer(stack),
        *_impostors(stack, people),
    ]
    owner = next((one for one in people if one.name == _name(_owner(stack.users))), None)
    if owner is None:
        return everybody
    owned = {OWNED_BY: str(owner.claims["sub"])}
    return [replace(caller, parameters=owned) for caller in everybody]


def _people(stack: ServedApp, app: ClientConfig) -> list[Caller]:
    """Sign everybody in by one client, by code."""
    client = PublicClient.of(app, stack.pool)
    signed_in = {
        _name(person): tokens_by_code(stack.cognito.url, client, person) for person in stack.users
    }
    first, *others = signed_in
    token = str(signed_in[first]["access_token"])
    return [
        _holder(first, token),
        _signed_in_yesterday(stack, token),
        _holder(f"{first}'s ID token", str(signed_in[first]["id_token"])),
        *(_holder(name, str(signed_in[name]["access_token"])) for name in others),
    ]


def _owner(users: Sequence[DemoUser]) -> DemoUser:
    return next((user for user in reversed(users) if user.groups), users[-1])


def _name(user: DemoUser) -> str:
    return user.username.partition("@")[0]


def _by_other_clients(stack: ServedApp, app: ClientConfig | None) -> Iterator[Caller]:
    """Sign the plain user in by each client of the table that has not signed everybody in."""
    if not stack.users:
        return
    user = stack.users[-1]
    for name, client in stack.signing_in_by_code.items():
        if client != app:
            tokens = tokens_by_code(stack.cognito.url, PublicClient.of(client, stack.pool), user)
            yield _holder(f"user by {name}", str(tokens["access_token"]))
    for name, client in stack.taking_passwords.items():
        token = access_token_by_password(stack, client.id, user)
        yield _holder(_one_of("user by password", name, stack.taking_passwords), token)


def _machines_of_pool(stack: ServedApp) -> Iterator[Caller]:
    for name, client in stack.machines.items():
        token = access_token_of_machine(
            stack.cognito.url, client.id, stack.client_secret(client.id)
        )
        yield _holder(_one_of("machine", name, stack.machines), token)


def _one_of(kind: str, name: str, clients: Mapping[str, ClientConfig]) -> str:
    """Return what a row is called: by the client's name only where there are several."""
    return kind if len(clients) == 1 else f"{kind} {name}"


def good_until(callers: Iterable[Caller]) -> float:
    """Return when the first genuine token expires, in seconds since the epoch."""
    return min(float(str(one.claims["exp"])) for one in callers if one.genuine and one.token)


def _signed_in_yesterday(stack: ServedApp, admin_token: str) -> Caller:
    """Make the token of an admin's session that has only been renewed since yesterday."""
    claims = {**_claims(admin_token), "auth_time": int(time.time()) - _DAY_SECONDS}
    token = stack.cognito.pool(stack.pool.id).sign(ACCESS, claims)
    return Caller("day-old sign-in", token, claims)


def _federated(stack: ServedApp, app: ClientConfig) -> Iterator[Caller]:
    """Sign in somebody of a provider of the pool; their tokens are the pool's."""
    played = (item for item in stack.pool.identity_providers if item.issuer in stack.played)
    for provider in played:
        token = access_token_by_provider(stack, app, provider.name, next(iter(PEOPLE)))
        yield _holder(f"user by {provider.name}", token)


def _partners(stack: ServedApp) -> Iterator[Caller]:
    if stack.partner:
        yield _holder("partner", access_token_of_partner(stack.partner, next(iter(PEOPLE))))


def _machines_of_own_issuer(stack: ServedApp) -> Iterator[Caller]:
    issuer = stack.machine_issuer
    if issuer:
        token = access_token_of_machine(issuer.url, issuer.client_id, issuer.client_secret)
        yield _holder("KMS machine", token)


def _impostors(stack: ServedApp, people: Sequence[Caller]) -> Iterator[Caller]:
    if stack.own_pool:
        yield from _of_pool(stack, stack.users[0], people[0].token if people else None)
    elif stack.partner:
        yield from _of_partner(stack.partner)


def _of_partner(partner: OidcProvider) -> Iterator[Caller]:
    """Make tokens of the partner that differ from a genuine one in one point each."""
    now = int(time.time())
    claims = _claims(partner.sign({"sub": next(iter(PEOPLE))}))
    expired = {**claims, "iat": now - 2 * _HOUR_SECONDS, "exp": now - _HOUR_SECONDS}
    yield Caller("expired token", partner.sign(expired), expired, genuine=False)
    kid = str(jwt.get_unverified_header(partner.sign(claims))["kid"])
    yield Caller("forged token", SigningKey(kid).sign(claims), claims, genuine=False)
    foreign = {**claims, "aud": _ANOTHER_APP, "client_id": _ANOTHER_APP}
    yield Caller("other app's token", partner.sign(foreign), foreign)


def _of_pool(stack: ServedApp, admin: DemoUser, admin_token: str | None) -> Iterator[Caller]:
    """Make tokens that differ from the admin's in one point each.

    Where no client signs the admin in, they are the token of another app's, and what differs from
    that.
    """
    pool = stack.cognito.pool(stack.pool.id)
    now = int(time.time())
    # Signed in for real, so that a stranger's token is a token: then as able as the admin's.
    strangers = access_token_by_password(stack, _other_client(stack), admin)
    signed_in = _claims(strangers)
    claims = _claims(admin_token) if admin_token else signed_in
    expired = {**claims, "iat": now - 2 * _HOUR_SECONDS, "exp": now - _HOUR_SECONDS}
    yield Caller("expired token", pool.sign(ACCESS, expired), expired, genuine=False)
    kid = str(jwt.get_unverified_header(admin_token or strangers)["kid"])
    yield Caller("forged token", SigningKey(kid).sign(claims), claims, genuine=False)
    foreign = {**claims, "client_id": signed_in["client_id"], "jti": signed_in["jti"]}
    yield Caller("other app's token", pool.sign(ACCESS, foreign), foreign)


def _other_client(stack: ServedApp) -> str:
    """Make an app client that the template does not know."""
    api = cognito_client(stack.cognito.url, stack.pool.region)
    try:
        created = api.create_user_pool_client(
            UserPoolId=stack.pool.id,
            ClientName=_ANOTHER_APP,
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
        )
    finally:
        api.close()
    return created["UserPoolClient"]["ClientId"]


def _holder(name: str, token: str) -> Caller:
    return Caller(name, token, _claims(token))


def _claims(token: str) -> JsonObject:
    claims: JsonObject = jwt.decode(token, options={"verify_signature": False})
    return claims
