"""Rows K8 and N6: where keys may come from is for the configuration to say."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from jwt_verifier.errors import SettingsInvalid
from tests.attacks.bench import NOW
from tests.attacks.forge import Mint
from tests.attacks.keyring import keyring
from tests.attacks.target import PLAIN_ISSUER, Target, build_target
from tests.integration.faults import healthy
from tests.integration.faulty_issuer import Conversation, FaultyIssuer, serve_faults

CONFIGURATION = "/.well-known/openid-configuration"
Metadata = Callable[[str], dict[str, Any]]


def _serving(metadata: Metadata) -> Callable[[Conversation], None]:
    def fault(talk: Conversation) -> None:
        if talk.path == CONFIGURATION:
            talk.answer("200 OK", json.dumps(metadata(talk.issuer.url)).encode())
        else:
            healthy(talk)

    return fault


def _target(issuer: FaultyIssuer, configured: str | None = None) -> Target:
    item = {**PLAIN_ISSUER, "issuer": configured or issuer.url}
    return build_target(item, wall_clock=lambda: NOW)


def _status(target: Target, issuer: str) -> int:
    mint = Mint(NOW, keyring())
    return target.judge_token(mint.token(claims=mint.claims(iss=issuer))).status


def test_keys_are_found_through_discovery_and_once() -> None:
    """N6: OpenID Connect Discovery 1.0, section 4."""
    served = _serving(lambda url: {"issuer": url, "jwks_uri": f"{url}/keys"})
    with serve_faults(keyring().jwks(), served) as issuer:
        target = _target(issuer)
        for _ in range(5):
            assert _status(target, issuer.url) == 200
        assert issuer.requests == [CONFIGURATION, "/keys"]


@pytest.mark.parametrize(
    "metadata",
    [
        lambda url: {"issuer": f"{url}/", "jwks_uri": f"{url}/keys"},
        lambda url: {"issuer": url.upper(), "jwks_uri": f"{url}/keys"},
        lambda url: {"issuer": "https://other.example", "jwks_uri": f"{url}/keys"},
        lambda url: {"issuer": [url], "jwks_uri": f"{url}/keys"},
        lambda url: {"issuer": None, "jwks_uri": f"{url}/keys"},
        lambda url: {"jwks_uri": f"{url}/keys"},
    ],
    ids=["slash", "case", "another", "array", "null", "missing"],
)
def test_the_metadata_of_another_issuer_is_refused(metadata: Metadata) -> None:
    """N6: section 4.3; the keys that it names are not asked for."""
    with serve_faults(keyring().jwks(), _serving(metadata)) as issuer:
        assert _status(_target(issuer), issuer.url) == 500
        assert issuer.requests == [CONFIGURATION]


@pytest.mark.parametrize(
    "jwks_uri",
    [
        "file:///etc/jwks.json",
        "http://other.example/keys",
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1.other.example/keys",
        "http://user:password@127.0.0.1/keys",
        "ftp://127.0.0.1/keys",
        "data:application/json,{}",
        "//127.0.0.1/keys",
        "/keys",
        "keys",
        "",
        "https://",
        "https:///keys",
        "https://other.example:99999/keys",
        "https://other.example/\r\nx-admin: 1",
        "https://other.example/ keys",
        "https://[::1/keys",
        None,
        7,
        ["https://other.example/keys"],
        {},
    ],
    ids=str,
)
def test_an_unsafe_address_of_keys_is_not_asked(jwks_uri: object) -> None:
    """N6: https, or http to a loopback host; nothing else."""
    served = _serving(lambda url: {"issuer": url, "jwks_uri": jwks_uri})
    with serve_faults(keyring().jwks(), served) as issuer:
        assert _status(_target(issuer), issuer.url) == 500
        assert issuer.requests == [CONFIGURATION]


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"<html>", b'{"issuer":1,"issuer":2}', b"[" * 100_000],
    ids=["empty", "array", "null", "HTML", "duplicate members", "nesting"],
)
def test_metadata_that_is_no_json_object_is_the_issuers_fault(body: bytes) -> None:
    """N6: and no exception of another kind."""
    with serve_faults({}, lambda talk: talk.answer("200 OK", body)) as issuer:
        assert _status(_target(issuer), issuer.url) == 500


@pytest.mark.parametrize("member", ["issuer", "jwks_uri"])
@pytest.mark.parametrize(
    "url",
    [
        "http://issuer.example",
        "http://192.0.2.1/keys",
        "http://127.0.0.1.issuer.example",
        "http://localhost.issuer.example",
        "file:///etc/jwks.json",
        "ftp://issuer.example",
        "issuer.example",
        "https://",
        "https://user@issuer.example",
        "https://issuer.example\\@127.0.0.1\n",
    ],
)
def test_an_unsafe_address_cannot_be_configured(member: str, url: str) -> None:
    """N6: the message names the field."""
    with pytest.raises(SettingsInvalid, match=member):
        build_target({**PLAIN_ISSUER, member: url})
