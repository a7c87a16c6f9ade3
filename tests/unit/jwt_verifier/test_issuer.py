import json
from typing import Any

import pytest

from jwt_verifier.errors import SettingsInvalid
from jwt_verifier.issuer import TrustedIssuer
from jwt_verifier.issuer_items import parse_issuers
from tests.signing_key import SigningKey

PARTNER = {"name": "partner", "issuer": "https://issuer.example", "audiences": ["api"]}
ALGORITHMS = "RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, Ed25519"
POOL = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc123"


def parsed(**fields: Any) -> TrustedIssuer:
    return parse_issuers(json.dumps([{**PARTNER, **fields}]))[0]


def test_an_issuer_has_secure_defaults() -> None:
    assert parsed() == TrustedIssuer(
        name="partner",
        issuer="https://issuer.example",
        audiences=frozenset({"api"}),
        client_ids=frozenset(),
        token_use=None,
        algorithms=frozenset({"RS256"}),
        jwks_uri=None,
        typ=None,
        max_lifetime_seconds=None,
        required_claims=(),
        accept_any_audience=False,
        accept_bound_tokens_as_bearer=False,
    )


def test_every_field_is_read() -> None:
    item = {
        "name": "n", "issuer": "https://i.example/x", "audiences": ["a"], "client_ids": ["c"], "token_use": "access",
        "algorithms": ["ES256", "RS512"], "jwks_uri": "http://127.0.0.1:1/k", "typ": "at+jwt", "max_lifetime_seconds": 900,
        "required_claims": ["sub"], "accept_bound_tokens_as_bearer": True, "scopes_claim": ["permissions"],
        "groups_claim": ["https://i.example/groups"], "roles_claim": ["realm_access", "roles"],
        "client_claim": ["azp"], "accept_plain_http": True,
    }  # fmt: skip
    assert parse_issuers(json.dumps([item])) == (
        TrustedIssuer(
            "n", "https://i.example/x", frozenset({"a"}), frozenset({"c"}), "access",
            frozenset({"ES256", "RS512"}), "http://127.0.0.1:1/k", "at+jwt", 900, ("sub",),
            accept_bound_tokens_as_bearer=True, scopes_claim=("permissions",),
            groups_claim=("https://i.example/groups",), roles_claim=("realm_access", "roles"),
            client_claim=("azp",), accept_plain_http=True,
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    "issuer",
    [
        POOL,
        "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc123",
        "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_Abc123",
        "https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_Abc123",
        "https://cognito-idp.ap-southeast-4.amazonaws.com/ap-southeast-4_Abc123",
        "https://cognito-idp.eusc-de-east-1.amazonaws.eu/eusc-de-east-1_Abc123",
    ],
)
def test_both_forms_of_a_user_pools_issuer_are_known_with_their_keys(issuer: str) -> None:
    pool = parsed(issuer=issuer)
    assert pool.is_cognito
    assert pool.known_jwks_uri == f"{issuer}/.well-known/jwks.json"


@pytest.mark.parametrize(
    "issuer",
    [
        "https://evil.example/" + POOL,
        POOL.replace("com", "com.evil.example"),
        "https://issuer.example",
    ],
)
def test_any_other_issuer_is_asked_for_its_keys_by_discovery(issuer: str) -> None:
    assert not parsed(issuer=issuer).is_cognito
    assert parsed(issuer=issuer).known_jwks_uri is None


@pytest.mark.parametrize(
    "issuer",
    [
        POOL.replace("eu-west-1_", "eu-west-2_"),
        POOL.replace("idp.eu-west-1", "idp.us-east-1"),
        POOL.replace("//cog", "//issuer-cog").replace("idp.eu-west-1", "idp.us-east-1"),
        POOL.replace("eu-west-1_", ""),
        POOL.replace("eu-west-1_", "eu-west_"),
        POOL.replace("eu-west-1", "foo-central-bar"),
        POOL.replace("Abc123", ""),
        POOL.replace("Abc123", "Abc-123"),
        POOL.replace("Abc123", "Abc_123"),
        POOL.replace("cognito-idp", "Cognito-idp"),
        POOL.replace(".com/", ".com:443/"),
        POOL.replace(".com/", ".com./"),
        POOL + "/",
        POOL + "/x",
        "https://cognito-idp.eu-west-1.amazonaws.com",
        "https://cognito-idp.eu-west-1.amazonaws.com/",
    ],
)
def test_an_address_of_cognito_that_is_not_a_user_pools_issuer_is_refused(issuer: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        parsed(issuer=issuer)
    assert str(refused.value) == (
        f"ISSUERS[0].issuer: {issuer!r:.80}; give a user pool's issuer, "
        "https://cognito-idp.<region>.amazonaws.com/<region>_<id> with one region in both places"
    )


@pytest.mark.parametrize(
    ("issuer", "other"),
    [
        (POOL, POOL.replace("//cog", "//issuer-cog")),
        (POOL.replace("//cog", "//issuer-cog"), POOL),
        ("https://issuer.example", None),
    ],
)
def test_a_user_pool_has_another_form_of_its_issuer(issuer: str, other: str | None) -> None:
    assert parsed(issuer=issuer).other_form == other


def test_a_configured_address_of_keys_wins() -> None:
    assert parsed(issuer=POOL, jwks_uri="https://k.example").known_jwks_uri == "https://k.example"


def test_a_pool_may_have_both_its_issuers_under_one_name() -> None:
    both = [
        {**PARTNER, "issuer": POOL},
        {**PARTNER, "issuer": POOL.replace("//cog", "//issuer-cog")},
    ]
    assert [issuer.name for issuer in parse_issuers(json.dumps(both))] == ["partner", "partner"]


KEYS = {"keys": [SigningKey.generate("RS256").jwk]}
REPLICA = POOL.replace("idp.eu-west-1", "idp.us-east-1")


@pytest.mark.parametrize("name", ["scopes_claim", "groups_claim", "roles_claim", "client_claim"])
@pytest.mark.parametrize("issuer", [{"issuer": POOL}, {"issuer": REPLICA, "is_replica": True}])
def test_what_a_user_pools_tokens_hold_is_cognitos_own(name: str, issuer: dict[str, Any]) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        parsed(**issuer, **{name: ["roles"]})
    assert str(refused.value) == (
        f"ISSUERS[0].{name}: a user pool's scopes, groups and client are where Cognito writes "
        "them; remove it"
    )


@pytest.mark.parametrize(
    "issuer", ["accounts.google.com", "http://kc:8080/realms/x", "urn:x?a#b", "https://["]
)
@pytest.mark.parametrize("keys", [{"jwks_uri": "https://k.example/jwks"}, {"jwks": KEYS}])
def test_an_issuer_whose_keys_are_named_may_be_any_string(
    issuer: str, keys: dict[str, Any]
) -> None:
    assert parsed(issuer=issuer, **keys).issuer == issuer


def test_keys_in_hand_are_kept_as_text() -> None:
    assert json.loads(parsed(jwks=KEYS).jwks or "") == KEYS


def test_http_beyond_this_machine_must_be_said_in_words() -> None:
    inside = {"issuer": "http://kc.internal/realms/x", "jwks_uri": "http://kc.internal/keys"}
    assert parsed(**inside, accept_plain_http=True).jwks_uri == inside["jwks_uri"]
    by_discovery = parsed(issuer=inside["issuer"], accept_plain_http=True)
    assert by_discovery.known_jwks_uri is None


@pytest.mark.parametrize("domain", ["com", "com.cn", "eu"])
def test_a_replica_is_a_user_pool_of_two_regions(domain: str) -> None:
    issuer = REPLICA.replace(".com", f".{domain}")
    replica = parsed(issuer=issuer, is_replica=True)
    assert replica.is_cognito
    assert replica.known_jwks_uri == f"{issuer}/.well-known/jwks.json"
    assert replica.other_form is None


@pytest.mark.parametrize(
    "issuer",
    [
        POOL,
        REPLICA.replace("//cog", "//issuer-cog"),
        REPLICA.replace("https:", "http:"),
        REPLICA + "/",
        "https://issuer.example",
    ],
)
def test_no_other_issuer_is_a_replica(issuer: str) -> None:
    with pytest.raises(SettingsInvalid, match=r"^ISSUERS\[0\]\.issuer: "):
        parsed(issuer=issuer, is_replica=True)


def test_more_issuers_may_stand_in_a_file() -> None:
    other = {**PARTNER, "name": "other", "issuer": "https://other.example"}
    issuers = parse_issuers(json.dumps([PARTNER]), json.dumps([other]))
    assert [issuer.name for issuer in issuers] == ["partner", "other"]
    assert parse_issuers("[]", json.dumps([other]))[0].name == "other"


@pytest.mark.parametrize(
    ("bundled", "message"),
    [
        ("{}", "ISSUERS_FILE: not a JSON array of issuers; name at least one"),
        ("[", "ISSUERS_FILE: not JSON; give a JSON array of issuers"),
        ([{**PARTNER, "name": ""}], "ISSUERS_FILE[0].name: ''; give a non-empty string"),
        ([PARTNER], "ISSUERS: two items have the same issuer; give each issuer once"),
    ],
)
def test_a_wrong_file_is_named(bundled: object, message: str) -> None:
    text = bundled if isinstance(bundled, str) else json.dumps(bundled)
    with pytest.raises(SettingsInvalid) as refused:
        parse_issuers(json.dumps([PARTNER]), text)
    assert str(refused.value) == message


def test_checking_no_audience_must_be_said_in_words() -> None:
    assert parsed(audiences=[], accept_any_audience=True).accept_any_audience


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": ""}, "ISSUERS[0].name: ''; give a non-empty string"),
        ({"name": None}, "ISSUERS[0].name: missing; give a non-empty string"),
        ({"issuer": 1}, "ISSUERS[0].issuer: 1; give a non-empty string"),
        ({"issuer": "http://issuer.example"}, "ISSUERS[0].issuer: 'http://issuer.example'; give an https URL"),
        ({"issuer": "https://i.example?x"}, "ISSUERS[0].issuer: 'https://i.example?x'; give a URL without"),
        ({"issuer": "https://i.example#x"}, "ISSUERS[0].issuer: 'https://i.example#x'; give a URL without"),
        ({"jwks_uri": "file:///etc/passwd"}, "ISSUERS[0].jwks_uri: 'file:///etc/passwd'; give an https URL"),
        ({"audiences": "api"}, "ISSUERS[0].audiences: 'api'; give an array"),
        ({"audiences": []}, "ISSUERS[0].audiences: neither audiences nor client_ids"),
        ({"accept_any_audience": True}, "ISSUERS[0].accept_any_audience: contradicts"),
        ({"accept_any_audience": 1}, "ISSUERS[0].accept_any_audience: 1; give true or false"),
        ({"accept_bound_tokens_as_bearer": "yes"}, "ISSUERS[0].accept_bound_tokens_as_bearer: 'yes'; give true or false"),
        ({"client_ids": [1]}, "ISSUERS[0].client_ids: [1]; give an array"),
        ({"token_use": "refresh"}, "ISSUERS[0].token_use: 'refresh'; give access, id or null"),
        ({"token_use": ["id"]}, "ISSUERS[0].token_use: ['id']; give access, id or null"),
        ({"typ": "jws"}, "ISSUERS[0].typ: 'jws'; give JWS, JWT, at+jwt or null"),
        ({"algorithms": []}, "ISSUERS[0].algorithms: []; name at least one of RS256"),
        ({"algorithms": None}, "ISSUERS[0].algorithms: None; give an array"),
        ({"algorithms": ["HS256"]}, "ISSUERS[0].algorithms: 'HS256'; allowed are RS256"),
        ({"algorithms": ["RS256", "none"]}, "ISSUERS[0].algorithms: 'none'; allowed are RS256"),
        ({"algorithms": ["rs256"]}, "ISSUERS[0].algorithms: 'rs256'; allowed are RS256"),
        ({"max_lifetime_seconds": 0}, "ISSUERS[0].max_lifetime_seconds: 0; give a positive integer"),
        ({"max_lifetime_seconds": True}, "ISSUERS[0].max_lifetime_seconds: True; give a positive"),
        ({"groups_claim": "roles"}, "ISSUERS[0].groups_claim: 'roles'; give an array of non-empty strings"),
        ({"roles_claim": []}, "ISSUERS[0].roles_claim: []; give the names that lead to it, or leave it out"),
        ({"client_claim": ["a", ""]}, "ISSUERS[0].client_claim: ['a', '']; give an array"),
        ({"issuer": "accounts.google.com"}, "ISSUERS[0].issuer: 'accounts.google.com'; give an https URL, or http to a loopback host, or name its keys by jwks_uri or jwks"),
        ({"issuer": "a b", "jwks_uri": "https://k.example"}, "ISSUERS[0].issuer: 'a b'; give visible ASCII"),
        ({"issuer": "ftp://kc", "accept_plain_http": True}, "ISSUERS[0].issuer: 'ftp://kc'; give an http or https URL"),
        ({"jwks_uri": "ftp://kc", "accept_plain_http": True}, "ISSUERS[0].jwks_uri: 'ftp://kc'; give an http or https URL"),
        ({"accept_plain_http": "yes"}, "ISSUERS[0].accept_plain_http: 'yes'; give true or false"),
        ({"is_replica": 1}, "ISSUERS[0].is_replica: 1; give true or false"),
        ({"jwks": []}, "ISSUERS[0].jwks: []; give a JSON object"),
        ({"jwks": {}}, "ISSUERS[0].jwks: no member keys; give a JWK set"),
        ({"jwks": {"keys": []}}, "ISSUERS[0].jwks: no usable key, skipped: {}; give a public key"),
        ({"jwks": KEYS, "jwks_uri": "https://k.example"}, "ISSUERS[0].jwks: contradicts jwks_uri; give one"),
        ({"audience": ["api"]}, "ISSUERS[0].audience: unknown field; allowed are accept_any_audience"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),  # no key in a name
)  # fmt: skip
def test_a_wrong_field_is_named_with_its_value_and_the_fix(
    fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        parsed(**fields)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "ISSUERS: not JSON; give a JSON array of issuers"),
        ("{}", "ISSUERS: not a JSON array of issuers; name at least one"),
        ("[]", "ISSUERS: not a JSON array of issuers; name at least one"),
        ("[1]", "ISSUERS[0]: is not a JSON object"),
        ('[{"name": "a", "name": "b"}]', "ISSUERS: duplicate members"),
        ("\ud800", "ISSUERS: not UTF-8"),
        (json.dumps([PARTNER, PARTNER]), "ISSUERS: two items have the same issuer"),
        (json.dumps([PARTNER, {}]), "ISSUERS[1].name: missing"),
    ],
)
def test_broken_issuers_are_refused(text: str, message: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        parse_issuers(text)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([], "ISSUERS: not a JSON array of issuers; name at least one"),
        ([PARTNER, PARTNER], "ISSUERS: two items have the same issuer; give each issuer once"),
        (
            [{**PARTNER, "algorithms": []}],
            f"ISSUERS[0].algorithms: []; name at least one of {ALGORITHMS}, or leave the field out for RS256",
        ),
        ([{**PARTNER, "algorithms": ["HS256"]}], f"ISSUERS[0].algorithms: 'HS256'; allowed are {ALGORITHMS}"),
        (
            [{**PARTNER, "audiences": []}],
            'ISSUERS[0].audiences: neither audiences nor client_ids is given; give one of them, or say "accept_any_audience": true',
        ),
        (
            [{**PARTNER, "accept_any_audience": True}],
            "ISSUERS[0].accept_any_audience: contradicts audiences; give one or the other",
        ),
        (
            [{**PARTNER, "issuer": "https://i.example?x"}],
            "ISSUERS[0].issuer: 'https://i.example?x'; give a URL without query and fragment",
        ),
        (
            [{**PARTNER, "jwks_uri": "http://k.example"}],
            "ISSUERS[0].jwks_uri: 'http://k.example'; give an https URL, or http to a loopback host",
        ),
    ],
    ids=lambda value: value[:60] if isinstance(value, str) else "",
)  # fmt: skip
def test_a_refusal_ends_with_the_fix(items: list[Any], message: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        parse_issuers(json.dumps(items))
    assert str(refused.value) == message
