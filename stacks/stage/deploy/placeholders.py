"""A stage -> its URLs and addresses whose hosts are only examples. Imports no CDK.

The names that nobody can register: RFC 2606, sections 2 and 3, and RFC 6761, section 6. `localhost`
is one of them and has its use: a page that is being developed.
"""

import re
from collections.abc import Iterator

from aws_jwt_authorizer.field_checks import app_scheme
from stacks.stage.config import StageConfig
from stacks.stage.domain_checks import domains_of
from stacks.stage.fields import LOCAL_STAGE

HOST = re.compile(r"https?://(?:[^/?#@]*@)?([A-Za-z0-9.-]+)")
EXAMPLE = re.compile(r"(?:.*\.)?(?:example(?:\.com|\.net|\.org)?|test|invalid)\.?")


def placeholder_urls(config: StageConfig) -> str | None:
    """Return what is wrong with a stage that has such URLs, in one line; None if it has none.

    The stage that is never deployed may have them.

    Args:
        config: The stage, as cdk.json has it.
    """
    found = [] if config.stage == LOCAL_STAGE else list(dict.fromkeys(_placeholders(config)))
    if not found:
        return None
    return (
        f"context.stages.{config.stage} has placeholder URLs: {', '.join(found)}: "
        "write your own there before you deploy"
    )


def _placeholders(config: StageConfig) -> Iterator[str]:
    """Yield each field with its example host, `allowed_origins (app.example.com)`."""
    for field, url in _urls(config):
        scheme = app_scheme(url)
        host = HOST.match(url)
        if scheme and EXAMPLE.fullmatch(".".join(reversed(scheme.split(".")))):
            yield f"{field} ({scheme})"
        elif host and EXAMPLE.fullmatch(host[1].lower()):
            yield f"{field} ({host[1]})"


def _urls(config: StageConfig) -> Iterator[tuple[str, str]]:
    for name, client in config.clients.items():
        for url in (*client.callback_urls, *client.logout_urls):
            yield f"clients.{name}", url
    for url in config.allowed_origins:
        yield "allowed_origins", url
    for field, domain in domains_of(config).items():
        yield field, domain.origin
    for provider in config.identity_providers:
        for value in provider.details.values():
            yield f"identity_providers.{provider.name}", value
    if config.email_sender:
        yield "email_sender", f"https://{config.email_sender.address.partition('@')[2]}"
    for name, issuer in config.issuers.items():
        yield f"issuers.{name}", issuer.url
        yield f"issuers.{name}", issuer.jwks_uri or ""
    for name, backend in config.http_backends.items():
        yield f"http_backends.{name}", getattr(backend, "url", "")
