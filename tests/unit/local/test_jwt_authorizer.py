"""The built-in authorizer against a real issuer on loopback."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest

from local.gateway.authorizers.issuer_keys import KEEP_SECONDS, IssuerKeys, KeysUnreachable
from local.gateway.authorizers.jwt_authorizer import JwtAuthorizer
from local.gateway.messages import Refusal
from local.issuer import Issuer, SigningKey, serve_issuer
from local.template.local_app import JwtAuthorizerConfig

from .gateway_values import context, request, route

NOW = 1_790_000_000


@dataclass
class Subject:
    issuer: Issuer
    now: list[float] = field(default_factory=lambda: [0.0])

    def __post_init__(self) -> None:
        keys = IssuerKeys({}, lambda: self.now[0])
        self.authorizer = JwtAuthorizer(keys, lambda: NOW)
        self.config = JwtAuthorizerConfig(
            "j1", "Tokens", "$request.header.Authorization", self.issuer.url, ("web", "cli")
        )

    def mint(self, **claims: Any) -> str:
        return self.issuer.mint(**{"client_id": "web", "iat": NOW, "exp": NOW + 900, **claims})

    def ask(self, value: str | None, *scopes: str) -> Any:
        headers = (("authorization", value),) if value is not None else ()
        asked = context(request(headers=headers), route("GET /me", self.config, scopes))
        return self.authorizer.authorize(self.config, asked).in_payload_v2["jwt"]

    def refusal(self, value: str | None, *scopes: str) -> Refusal:
        with pytest.raises(Refusal) as raised:
            self.ask(value, *scopes)
        return raised.value


@pytest.fixture
def subject() -> Iterator[Subject]:
    with serve_issuer() as issuer:
        yield Subject(issuer)


def test_a_good_token_passes_with_bearer_or_without(subject: Subject) -> None:
    token = subject.mint()
    for value in (f"Bearer {token}", token, f"bearer {token}"):
        assert subject.ask(value)["claims"]["client_id"] == "web"


def test_claims_arrive_as_the_gateway_renders_them(subject: Subject) -> None:
    token = subject.mint(groups=["admin", "power user"], flag=True, none=[], n=7, o={"a": 1})
    claims = subject.ask(token)["claims"]
    assert claims["groups"] == "[admin power user]"
    assert (claims["flag"], claims["none"], claims["n"], claims["o"]) == (
        "true",
        "[]",
        "7",
        '{"a":1}',
    )
    assert claims["exp"] == str(NOW + 900)


def test_a_null_claim_does_not_arrive(subject: Subject) -> None:
    claims = {"iss": subject.issuer.url, "client_id": "web", "exp": NOW + 9, "empty": None}
    assert "empty" not in subject.ask(subject.issuer.signing_key.sign(claims))["claims"]


def test_scopes_are_null_unless_the_route_asks_for_some(subject: Subject) -> None:
    token = subject.mint(scope="a b")
    assert subject.ask(token)["scopes"] is None
    assert subject.ask(token, "b", "c")["scopes"] == ["a", "b"]


@pytest.mark.parametrize("name", ["scope", "scp"])
def test_any_one_scope_of_the_route_is_enough(subject: Subject, name: str) -> None:
    assert subject.ask(subject.mint(**{name: "a b"}), "x", "b")["scopes"] == ["a", "b"]


@pytest.mark.parametrize("scope", ["", "aa", "a,b", "A"])
def test_without_any_scope_of_the_route_it_is_403(subject: Subject, scope: str) -> None:
    refusal = subject.refusal(subject.mint(scope=scope), "a", "b")
    assert (refusal.status, refusal.message) == (403, "Forbidden")
    assert refusal.challenge is not None
    assert 'error="insufficient_scope"' in refusal.challenge


def test_no_token_is_challenged_with_bearer_alone(subject: Subject) -> None:
    refusal = subject.refusal(None)
    assert (refusal.status, refusal.message, refusal.challenge) == (401, "Unauthorized", "Bearer")


@pytest.mark.parametrize("value", ["Bearer abc", "a.b", "a.b.c.d", "Bearer"])
def test_another_number_of_segments_is_told_so(subject: Subject, value: str) -> None:
    assert subject.refusal(value).challenge == (
        'Bearer scope="" error="invalid_token" '
        'error_description="token contains an invalid number of segments"'
    )


def test_another_audience_is_told_so(subject: Subject) -> None:
    challenge = subject.refusal(subject.mint(client_id="other")).challenge
    assert challenge is not None
    assert 'error_description="the token does not have a valid audience"' in challenge


@pytest.mark.parametrize("aud", ["other", [], ["other"], "", None, 3, ["web-2"], {"web": 1}])
def test_a_client_id_does_not_help_a_token_with_another_aud(subject: Subject, aud: Any) -> None:
    key = subject.issuer.signing_key
    claims = {"iss": subject.issuer.url, "client_id": "web", "aud": aud, "exp": NOW + 9}
    assert "valid audience" in subject.refusal(key.sign(claims)).reason


@pytest.mark.parametrize("aud", ["web", ["other", "cli"]])
def test_an_audience_of_ours_passes(subject: Subject, aud: Any) -> None:
    assert subject.ask(subject.mint(aud=aud, client_id="other"))


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"exp": NOW}, "expired"),
        ({"exp": None}, "expired"),
        ({"exp": "never"}, "exp is no number"),
        ({"exp": True}, "exp is no number"),
        ({"nbf": NOW + 1}, "before its nbf"),
        ({"iat": NOW + 1}, "before its iat"),
        ({"iss": "https://other.example"}, "issuer does not match"),
        ({"iss": None}, "issuer does not match"),
    ],
)
def test_a_wrong_claim_is_401(subject: Subject, claims: dict[str, Any], reason: str) -> None:
    refusal = subject.refusal(subject.mint(**claims))
    assert refusal.status == 401
    assert reason in refusal.reason


def test_a_forged_signature_is_401(subject: Subject) -> None:
    kid = subject.issuer.signing_key.kid
    forger = SigningKey("RS256", SigningKey.generate("RS256").private_key, kid)
    claims = {"iss": subject.issuer.url, "client_id": "web", "exp": NOW + 9}
    assert "signature is invalid" in subject.refusal(forger.sign(claims)).reason


@pytest.mark.parametrize("header", [{"kid": None}, {"kid": "unknown"}])
def test_a_missing_or_unknown_kid_is_401(subject: Subject, header: dict[str, Any]) -> None:
    claims = {"iss": subject.issuer.url, "client_id": "web", "exp": NOW + 9}
    token = subject.issuer.signing_key.sign(claims, header)
    assert subject.refusal(token).status == 401


def test_only_rsa_algorithms_are_known(subject: Subject) -> None:
    claims = {"iss": subject.issuer.url, "client_id": "web", "exp": NOW + 9}
    elliptic = SigningKey.generate("ES256").sign(claims)
    symmetric = jwt.encode(claims, "s" * 32, "HS256", {"kid": subject.issuer.signing_key.kid})
    unsigned = jwt.encode(claims, "", "none")
    for token, name in ((elliptic, "ES256"), (symmetric, "HS256"), (unsigned, "none")):
        assert f"signing method {name} is invalid" in subject.refusal(token).reason


def test_rs384_passes_too() -> None:
    with serve_issuer("RS384") as issuer:
        assert Subject(issuer).ask(Subject(issuer).mint())


def test_keys_are_kept_for_two_hours_and_not_asked_for_again(subject: Subject) -> None:
    subject.ask(subject.mint())
    subject.issuer.rotate()
    rotated = subject.mint()
    subject.now[0] = KEEP_SECONDS - 1
    assert "kid" in subject.refusal(rotated).reason
    subject.now[0] = KEEP_SECONDS
    assert subject.ask(rotated)


def test_an_unreachable_issuer_is_401() -> None:
    with serve_issuer() as issuer:
        subject = Subject(issuer)
        token = subject.mint()
    refusal = subject.refusal(token)
    assert refusal.status == 401
    assert "communication error" in refusal.reason


def test_discovery_is_asked_for_when_the_authorizer_is_made() -> None:
    with serve_issuer() as issuer:
        IssuerKeys({}, lambda: 0.0).check_discovery(issuer.url)
    for url in (issuer.url, "https://issuer.example"):
        with pytest.raises(KeysUnreachable, match="OIDC discovery"):
            IssuerKeys({}, lambda: 0.0).check_discovery(url)


def test_an_issuer_that_names_itself_otherwise_is_not_trusted() -> None:
    with serve_issuer() as issuer:
        addresses = {"https://deployed.example": issuer.url}
        with pytest.raises(KeysUnreachable):
            IssuerKeys(addresses, lambda: 0.0).check_discovery("https://deployed.example")
