"""Rows K8 and N6: where keys may come from is for the configuration to say."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import pytest

from jwt_verifier.errors import SettingsInvalid
from tests.attacks.bench import NOW
from tests.attacks.forge import Mint
from tests.attacks.keyring import keyring
from tests.attacks.target import PLAIN_ISSUER, Target, build_target
from tests.integration.faults import FAST, healthy
from tests.integration.faulty_issuer import Conversation, Fault, FaultyIssuer, serve_faults
from tests.integration.jwks_bench import HOUR_SECONDS, Clocks
from tests.signing_key import SigningKey

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


@dataclass
class Provider:
    """An issuer whose documents stand where `jwks_path` says, and answer as told."""

    jwks_path: str = "/keys"
    keys: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    answer_seconds: float = 0.0

    def __call__(self, talk: Conversation) -> None:
        Event().wait(self.answer_seconds)
        if talk.path in self.faults:
            self.faults[talk.path](talk)
        elif talk.path == CONFIGURATION:
            metadata = {"issuer": talk.issuer.url, "jwks_uri": talk.issuer.url + self.jwks_path}
            talk.answer("200 OK", json.dumps(metadata).encode())
        else:
            talk.answer("200 OK", json.dumps(self.keys[talk.path]).encode())


@dataclass
class Discovered:
    """An authorizer that finds its keys by discovery, and clocks that only the test moves."""

    issuer: FaultyIssuer
    provider: Provider
    clocks: Clocks = field(default_factory=Clocks)

    def __post_init__(self) -> None:
        self.target = build_target(
            {**PLAIN_ISSUER, "issuer": self.issuer.url},
            wall_clock=lambda: self.clocks.wall,
            monotonic_clock=lambda: self.clocks.monotonic,
            JWKS_FETCH_TIMEOUT_SECONDS=str(BUDGET_SECONDS),
        )

    def status(self, key: SigningKey | None = None) -> int:
        """Judge a good token, by default one of the usual key."""
        mint = Mint(int(self.clocks.wall), keyring())
        token = mint.token(claims=mint.claims(iss=self.issuer.url), key=key)
        return self.target.judge_token(token).status


BUDGET_SECONDS = 2.0
USUAL = "RS256"
NEWCOMER = SigningKey("RS256", keyring().attacker.private_key, "newcomer")
KEYS = {"keys": [keyring().issuer[USUAL].jwk]}
KEYS_AND_NEWCOMER = {"keys": [*KEYS["keys"], NEWCOMER.jwk]}


@pytest.fixture
def discovered() -> Iterator[Discovered]:
    provider = Provider(keys={"/keys": KEYS})
    with serve_faults({}, provider) as issuer:
        yield Discovered(issuer, provider)


def test_discovery_and_keys_have_a_budget_each(discovered: Discovered) -> None:
    """N3: together they take longer than one request may."""
    discovered.provider.answer_seconds = 0.55 * BUDGET_SECONDS
    assert discovered.status() == 200


def test_the_address_of_the_keys_is_kept_for_an_unknown_kid(discovered: Discovered) -> None:
    """N6: one request less before a new key works."""
    assert discovered.status() == 200
    discovered.provider.keys["/keys"] = KEYS_AND_NEWCOMER
    discovered.clocks.advance(30)
    assert discovered.status(NEWCOMER) == 200
    assert discovered.issuer.requests == [CONFIGURATION, "/keys", "/keys"]


def test_the_address_of_the_keys_is_kept_though_their_first_fetch_failed(
    discovered: Discovered,
) -> None:
    """N6: what discovery said a moment ago still holds; after a second failure it may not."""
    discovered.provider.faults["/keys"] = FAST["503"]
    for seconds in (1, 2):
        assert discovered.status() == 500
        discovered.clocks.advance(seconds)
    discovered.provider.faults.clear()
    assert discovered.status() == 200
    expected = [CONFIGURATION, "/keys", "/keys", CONFIGURATION, "/keys"]
    assert discovered.issuer.requests == expected


def test_the_address_of_the_keys_is_looked_up_anew_with_every_refresh(
    discovered: Discovered,
) -> None:
    """N6, N8: or a key would live on at an address that the issuer has left."""
    assert discovered.status() == 200
    discovered.provider.jwks_path = "/new-keys"
    discovered.provider.keys["/new-keys"] = {"keys": [NEWCOMER.jwk]}
    discovered.clocks.advance(HOUR_SECONDS)
    assert discovered.status() == 401
    assert discovered.status(NEWCOMER) == 200


def test_keys_that_moved_and_left_nothing_behind_are_found_by_the_next_look(
    discovered: Discovered,
) -> None:
    """N6, N7: the address in hand has failed."""
    assert discovered.status() == 200
    discovered.provider.jwks_path = "/new-keys"
    discovered.provider.keys["/new-keys"] = KEYS_AND_NEWCOMER
    discovered.provider.faults["/keys"] = FAST["404"]
    statuses = []
    for _ in range(2):
        discovered.clocks.advance(30)
        statuses.append(discovered.status(NEWCOMER))
        assert discovered.status() == 200
    assert statuses == [500, 200]


def test_keys_that_moved_and_left_the_old_ones_behind_are_found_by_the_next_look(
    discovered: Discovered,
) -> None:
    """N6, N7: the address in hand answers, and does not show the kid."""
    assert discovered.status() == 200
    discovered.provider.jwks_path = "/new-keys"
    discovered.provider.keys["/new-keys"] = KEYS_AND_NEWCOMER
    statuses = []
    for _ in range(2):
        discovered.clocks.advance(30)
        statuses.append(discovered.status(NEWCOMER))
    assert statuses == [401, 200]
