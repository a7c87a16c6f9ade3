"""A stage and what to refuse -> an entry in its list, no new tokens, and no decision kept.

What it writes with is what the function writes with that administrators call.
"""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from function_kit.aws import AWS_ERRORS, error_code
from function_kit.revocation.asked import Issuers, asked_for
from function_kit.revocation.entry import Revocation, RevocationInvalid
from function_kit.revocation.lifetimes import Lifetimes
from function_kit.revocation.writing import Pool, Refused, RevocationList, refuse
from stacks.declared_routes import table_before_deployment
from stacks.deployment.caller import caller
from stacks.deployment.command import Command
from stacks.deployment.errors import CommandRefused
from stacks.deployment.list_of_stage import API_STAGE, ListOfStage, deployed_list, local_list
from stacks.revocation.entry_lifetime import entry_lifetime_seconds, renewable_lifetime_seconds
from stacks.stage.config import StageConfig
from stacks.stage.deploy.destination import destination
from stacks.stage.fields import LOCAL_STAGE

_REFRESH_TOKENS = {
    "ended": "no refresh token of this person brings new ones any longer",
    "nobody": "the user pool has nobody with this sub: look whether it is the right one",
    "not_ended": "the person's refresh tokens could not be ended at the user pool: what they bring "
    "is refused for as long as they live; end them with aws cognito-idp admin-user-global-sign-out",
}


def revoke(
    command: Command,
    fields: Mapping[str, str],
    environ: Mapping[str, str],
    local_outputs: Path,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Refuse tokens of a stage before they expire; when it ends, every one of them is refused.

    Args:
        command: Which stage.
        fields: What is refused, as `asked_for` takes it.
        environ: The environment's variables, which may say where the stage is deployed.
        local_outputs: What `make local` has written, for the stage of this machine.
        sleep: How to wait, in seconds.

    Raises:
        CommandRefused: Nothing was written; one line says why.
    """
    config = command.config()
    if config.revocation == "off":
        raise CommandRefused(
            f"context.stages.{config.stage}.revocation is 'off', so no list is read: docs/"
            "revocation.md says how to turn it on, docs/operate.md how to cut a person off without"
        )
    access = table_before_deployment(command.sources().access, config)
    issuers = Issuers(
        {issuer.name for issuer in access.issuers},
        next(issuer.name for issuer in access.issuers if issuer.is_pool),
    )
    now = time.time()
    try:
        revocation = asked_for(fields, issuers, now)
    except RevocationInvalid as invalid:
        raise CommandRefused(str(invalid)) from None
    at = _list_of(config, environ, local_outputs)
    _say(f"{config.stage} refuses tokens in {at.place}, table {at.table}, as {at.by}")
    tokens_seconds = entry_lifetime_seconds(config, access)
    lifetimes = Lifetimes(tokens_seconds, renewable_lifetime_seconds(config, access))
    pool = Pool(at.pool_id, issuers.default, at.client("cognito-idp"))
    try:
        done = refuse(
            revocation,
            revocations=RevocationList(at.client("dynamodb"), at.table),
            pool=pool,
            lifetimes=lifetimes,
            now=now,
            by=at.by,
        )
    except AWS_ERRORS as error:
        reason = " ".join(str(error).split())
        raise CommandRefused(f"nothing was refused: {reason}") from error
    _say(_in_words(done))
    _wait_until_it_holds(config, at, sleep)
    return 0


def _list_of(config: StageConfig, environ: Mapping[str, str], local_outputs: Path) -> ListOfStage:
    if config.stage == LOCAL_STAGE:
        return local_list(local_outputs)
    where = destination(config, environ)
    return deployed_list(config, caller(environ, where.region))


def _wait_until_it_holds(
    config: StageConfig, at: ListOfStage, sleep: Callable[[float], None]
) -> None:
    """Wait until no authorizer has an older list; then nothing may be left that one has decided.

    The other way round, one with an older list could decide once more, and the gateway keep that.
    """
    age, kept = config.revocation_list_age_seconds, config.authorizer_cache_ttl_seconds
    _say(f"waiting {age} s, until every authorizer has read the list anew")
    sleep(age)
    if not kept:
        _say("these tokens are refused from now on")
        return
    try:
        at.client("apigatewayv2").reset_authorizers_cache(ApiId=at.api_id, StageName=API_STAGE)
    except AWS_ERRORS as error:
        _say(
            f"the gateway keeps what was decided before for up to {kept} s more, for its cache "
            f"could not be reset ({error_code(error)}); then these tokens are refused"
        )
        return
    _say("the gateway has forgotten what was decided before: these tokens are refused from now on")


def _in_words(done: Refused) -> str:
    revocation = done.revocation
    lines = [f"refused: {_what(revocation)}"]
    if done.refresh_tokens is not None:
        lines.append(_REFRESH_TOKENS[done.refresh_tokens])
    lines.append(
        f"the entry stays until {_time(done.forgotten_at)}, when no such token can be left"
    )
    return "\n".join(lines)


def _what(revocation: Revocation) -> str:
    of = f"of the issuer {revocation.issuer}"
    before = _time(revocation.issued_before or 0)
    match revocation.kind:
        case "sub":
            return (
                f"every token {of} with sub {revocation.value!r} that was signed in before {before}"
            )
        case "client":
            return f"every token {of} that the client {revocation.value!r} got before {before}"
        case "all":
            return f"every token {of} that was issued before {before}"
    return f"every token {of} with {revocation.kind} {revocation.value!r}"


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def _say(text: str) -> None:
    print(text, flush=True)
