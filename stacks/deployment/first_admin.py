"""A stage, an address and a group -> somebody who is invited and administers.

It looks before it writes, so that a second run changes nothing. No password passes through here.
"""

from collections.abc import Mapping
from difflib import get_close_matches

from aws_jwt_authorizer.field_checks import email_address
from stacks.deployment.caller import Caller, caller
from stacks.deployment.command import Command
from stacks.deployment.deployed_outputs import deployed_outputs
from stacks.deployment.errors import CommandRefused
from stacks.deployment.pool_people import INVITED, USABLE, Person, PoolPeople
from stacks.stage.config import StageConfig
from stacks.stage.deploy.destination import destination
from stacks.stage.fields import LOCAL_STAGE

POOL = "UserPoolId"
RESEND = "RESEND=1"


def first_admin(
    command: Command, email: str, group: str | None, environ: Mapping[str, str], *, resend: bool
) -> int:
    """Invite somebody, where the pool does not know the address, and put them into a group.

    Args:
        command: Which stage.
        email: The person's address.
        group: A group of the access table; None for its first, which stands above all others.
        environ: The environment's variables, which may say where the stage is deployed.
        resend: Whether an invitation that was not used is sent again.

    Raises:
        CommandRefused: One line says why; what was done before it stays, and a second run goes on.
    """
    config = command.config()
    _check_address(config, email)
    chosen = _group(command.sources().access.groups, group)
    who = _caller_of(config, environ)
    outputs = deployed_outputs(config, "api" if config.user_pool else "identity", who)
    people = PoolPeople(outputs[POOL], who)
    _say(
        f"{config.stage}: {email} is to be in the group {chosen!r} of the user pool "
        f"{outputs[POOL]}, account {who.account}, region {who.region}; asked for by {who.arn}"
    )
    if not people.has_group(chosen):
        raise CommandRefused(
            f"the pool has no group {chosen!r} yet: make deploy STAGE={config.stage} makes it"
        )
    person = people.find(email)
    if person is None:
        people.invite(email)
        _say(_invited(email, people))
    else:
        _check_person(email, person)
        _say_again(email, person, people, resend=resend)
    if person and chosen in person.groups:
        _say(f"{email} is in {chosen!r} already")
    else:
        people.add(email, chosen)
        _say(f"{email} is in {chosen!r} now, which counts from the next token on")
    return 0


def _check_address(config: StageConfig, email: str) -> None:
    if config.stage == LOCAL_STAGE:
        raise CommandRefused(
            f"the stage {LOCAL_STAGE} has its people at every start: make token NAME=admin is one "
            "of them, and name another stage (STAGE=dev) to invite somebody"
        )
    if not email_address().accepts(email):
        raise CommandRefused(f"EMAIL is {email!r}: it must be {email_address().allowed}")


def _group(known: Mapping[str, str], asked_for: str | None) -> str:
    if not known:
        raise CommandRefused("stacks/access.py declares no group: add one to GROUPS, then deploy")
    if asked_for is None:
        return next(iter(known))
    if asked_for not in known:
        [nearest] = get_close_matches(asked_for, known, n=1, cutoff=0)
        raise CommandRefused(
            f"GROUP is {asked_for!r}: stacks/access.py declares {', '.join(known)}; the nearest "
            f"is {nearest!r}"
        )
    return asked_for


def _caller_of(config: StageConfig, environ: Mapping[str, str]) -> Caller:
    where = destination(config, environ)
    who = caller(environ, where.region)
    if where.account not in (None, who.account):
        raise CommandRefused(
            f"{config.stage} is deployed to account {where.account}, and these credentials are of "
            f"account {who.account} ({who.arn}): sign in to the other one"
        )
    return who


def _check_person(email: str, person: Person) -> None:
    """Refuse to raise an account that may be somebody else's."""
    if not person.enabled:
        raise CommandRefused(
            f"{email} is disabled: aws cognito-idp admin-enable-user lets the person in again, "
            "if that is what you want"
        )
    if person.status not in USABLE or not person.email_verified:
        raise CommandRefused(
            f"somebody has made an account for {email} on {person.since} and has not shown that "
            f"the address is theirs (status {person.status}): delete it with aws cognito-idp "
            "admin-delete-user, or have the person verify the address"
        )


def _say_again(email: str, person: Person, people: PoolPeople, *, resend: bool) -> None:
    if person.status != INVITED:
        if resend:
            raise CommandRefused(
                f"{email} has signed in before, so there is no invitation to send again: who has "
                "forgotten the password gets a code on the sign-in page"
            )
        _say(f"{email} has had an account since {person.since}")
    elif resend:
        people.invite_again(email)
        _say(_invited(email, people))
    else:
        _say(
            f"{email} was invited on {person.since} and has not signed in; an invitation is good "
            f"for {people.temporary_password_days} days, and {RESEND} sends a new one"
        )


def _invited(email: str, people: PoolPeople) -> str:
    factor = ", and adds an authenticator app" if people.second_factor else ""
    return (
        f"Cognito sends {email} a temporary password, good for {people.temporary_password_days} "
        f"days: at the first sign-in the person chooses another one{factor}"
    )


def _say(line: str) -> None:
    print(line, flush=True)
