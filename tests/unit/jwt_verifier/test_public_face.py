"""The verifier as somebody who has installed it would use it: real signatures, a real issuer."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import jwt_verifier
from jwt_verifier import (
    CheckFailed,
    JwtVerifier,
    KeysEvent,
    KeysUnavailable,
    SettingsInvalid,
    TokenRejected,
    VerifiedToken,
    cognito_issuer,
    oidc_issuer,
)
from tests.issuer import Issuer, serve_issuer

POOL_ID = "eu-west-1_Abc123"
CLIENT = "1h57kf5cpq17m0eml12EXAMPLE"
SOURCES = Path(__file__).parents[3] / "lambda_src"


def access_token(pool: Issuer, **changes: object) -> str:
    """An access token as Cognito forms it (Amazon Cognito, understanding the access token)."""
    claims = {
        "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
        "cognito:groups": ["admins"],
        "version": 2,
        "client_id": CLIENT,
        "origin_jti": "11111111-2222-3333-4444-555555555555",
        "token_use": "access",
        "scope": "openid orders/read",
        "jti": "66666666-7777-8888-9999-000000000000",
        "username": "janedoe",
    }
    return pool.mint(**{**claims, **changes})


@pytest.fixture(scope="module")
def pool() -> Issuer:
    return Issuer(f"https://cognito-idp.eu-west-1.amazonaws.com/{POOL_ID}")


@pytest.fixture(scope="module")
def verifier(pool: Issuer) -> JwtVerifier:
    return JwtVerifier.cognito(POOL_ID, client_ids=[CLIENT], token_use="access", jwks=pool.jwks())


def test_an_access_token_of_cognito_says_who_may_do_what(
    verifier: JwtVerifier, pool: Issuer
) -> None:
    token = verifier.verify(access_token(pool))
    assert isinstance(token, VerifiedToken)
    assert token.subject == "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
    assert (token.issuer, token.issuer_name) == (pool.url, POOL_ID)
    assert (token.client_id, token.token_use) == (CLIENT, "access")
    assert (token.scopes, token.groups) == (("openid", "orders/read"), ("admins",))
    assert token.claims["username"] == "janedoe"
    assert token.expires_at == token.claims["exp"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"client_id": "another"}, "client_mismatch"),
        ({"token_use": "id", "aud": CLIENT}, "token_use_mismatch"),
        ({"exp": 1_000_000_000}, "token_expired"),
        ({"iss": "https://issuer.example"}, "issuer_unknown"),
    ],
)
def test_a_token_that_is_not_for_us_is_rejected_with_a_code(
    verifier: JwtVerifier, pool: Issuer, changes: dict[str, object], code: str
) -> None:
    with pytest.raises(TokenRejected) as caught:
        verifier.verify(access_token(pool, **changes))
    assert caught.value.code == code


def test_a_forged_signature_is_rejected(verifier: JwtVerifier, pool: Issuer) -> None:
    forger = Issuer(pool.url)
    forged = forger.signing_key.sign(
        {"iss": pool.url, "exp": 4_000_000_000}, {"kid": pool.signing_key.kid}
    )
    with pytest.raises(TokenRejected) as caught:
        verifier.verify(forged)
    assert caught.value.code == "signature_invalid"


@pytest.mark.parametrize("value", [None, b"a.b.c", 7, ["a.b.c"]])
def test_what_is_not_a_string_is_not_a_token(verifier: JwtVerifier, value: Any) -> None:
    with pytest.raises(TokenRejected) as caught:
        verifier.verify(value)
    assert caught.value.code == "token_malformed"


def test_keys_of_any_oidc_issuer_are_found_by_discovery() -> None:
    with serve_issuer() as issuer:
        verifier = JwtVerifier.oidc(issuer.url, audiences=["orders-api"])
        verifier.warm_up()
        token = verifier.verify(issuer.mint(aud="orders-api", scope="orders:read"))
    assert (token.subject, token.scopes) == ("someone", ("orders:read",))


def test_warm_keys_outlive_an_issuer_that_has_gone() -> None:
    with serve_issuer() as issuer:
        verifier = JwtVerifier.oidc(issuer.url, audiences=["orders-api"])
        verifier.warm_up()
    assert verifier.verify(issuer.mint(aud="orders-api")).issuer == issuer.url


def test_an_issuer_that_does_not_answer_is_not_blamed_on_the_token() -> None:
    with serve_issuer() as issuer:
        token = issuer.mint(aud="orders-api")
    verifier = JwtVerifier.oidc(issuer.url, audiences=["orders-api"])
    with pytest.raises(KeysUnavailable):
        verifier.verify(token)


def test_several_issuers_never_share_keys(pool: Issuer) -> None:
    partner = Issuer("https://partner.example")
    verifier = JwtVerifier(
        [
            cognito_issuer(POOL_ID, client_ids=[CLIENT], token_use="access", name="people"),
            oidc_issuer(partner.url, audiences=["orders-api"], name="partner"),
        ],
        static_keys={pool.url: pool.jwks(), partner.url: json.dumps(partner.jwks())},
    )
    assert verifier.verify(access_token(pool)).issuer_name == "people"
    assert verifier.verify(partner.mint(aud="orders-api")).issuer_name == "partner"
    with pytest.raises(TokenRejected) as caught:
        verifier.verify(partner.mint(iss=pool.url, client_id=CLIENT, token_use="access"))
    assert caught.value.code == "key_unknown"


@pytest.mark.parametrize("form", [dict, json.dumps, lambda jwks: json.dumps(jwks).encode()])
def test_a_key_set_in_hand_may_be_parsed_or_text_or_bytes(pool: Issuer, form: Any) -> None:
    verifier = JwtVerifier.cognito(
        POOL_ID, client_ids=[CLIENT], token_use="access", jwks=form(pool.jwks())
    )
    assert verifier.verify(access_token(pool)).issuer == pool.url


def test_a_check_of_ones_own_comes_after_all_others(pool: Issuer) -> None:
    seen: list[VerifiedToken] = []

    def only_version_2(token: VerifiedToken) -> str | None:
        seen.append(token)
        return None if token.claims.get("version") == 2 else "version_not_2"

    verifier = JwtVerifier.cognito(
        POOL_ID, client_ids=[CLIENT], token_use="access", jwks=pool.jwks(), check=only_version_2
    )
    assert verifier.verify(access_token(pool)).subject
    with pytest.raises(CheckFailed, match="version_not_2") as caught:
        verifier.verify(access_token(pool, version=1))
    assert isinstance(caught.value, TokenRejected)
    with pytest.raises(TokenRejected):
        verifier.verify(access_token(pool, client_id="another"))
    assert len(seen) == 2


def test_an_error_in_a_check_of_ones_own_never_accepts_a_token(pool: Issuer) -> None:
    def broken(token: VerifiedToken) -> str | None:
        raise ZeroDivisionError(token.subject)

    verifier = JwtVerifier.cognito(
        POOL_ID, client_ids=[CLIENT], token_use="access", jwks=pool.jwks(), check=broken
    )
    with pytest.raises(ZeroDivisionError):
        verifier.verify(access_token(pool))


@pytest.mark.parametrize("answer", ["", False, 0], ids=["empty", "false", "zero"])
def test_only_none_lets_a_token_pass_a_check_of_ones_own(pool: Issuer, answer: Any) -> None:
    verifier = JwtVerifier.cognito(
        POOL_ID, client_ids=[CLIENT], token_use=None, jwks=pool.jwks(), check=lambda _: answer
    )
    with pytest.raises(CheckFailed):
        verifier.verify(access_token(pool))


def test_one_verifier_serves_several_threads() -> None:
    with serve_issuer() as issuer:
        verifier = JwtVerifier.oidc(issuer.url, audiences=["orders-api"])
        tokens = [issuer.mint(aud="orders-api", sub=f"person-{n}") for n in range(40)]
        with ThreadPoolExecutor(8) as threads:
            subjects = [token.subject for token in threads.map(verifier.verify, tokens)]
    assert subjects == [f"person-{n}" for n in range(40)]


def test_what_happens_to_keys_can_be_reported() -> None:
    told: list[tuple[str, KeysEvent]] = []
    with serve_issuer() as issuer:
        verifier = JwtVerifier(
            [oidc_issuer(issuer.url, audiences=["orders-api"], name="partner")],
            report=lambda name, event, _detail: told.append((name, event)),
        )
        verifier.warm_up()
    assert told == [("partner", KeysEvent.FETCHED)]


def test_by_default_the_logger_is_told_of_keys(caplog: pytest.LogCaptureFixture) -> None:
    with serve_issuer() as issuer:
        pass
    JwtVerifier.oidc(issuer.url, audiences=["orders-api"]).warm_up()
    [record] = [record for record in caplog.records if record.name == "jwt_verifier"]
    assert record.levelname == "WARNING"
    assert f"{issuer.url}: jwks_fetch_failed: " in record.message


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            lambda: JwtVerifier.cognito("eu-west-1", client_ids=["c"], token_use="access"),
            "user_pool_id: 'eu-west-1' is not the id of a user pool; give it as Cognito shows it",
        ),
        (
            lambda: JwtVerifier.cognito(POOL_ID, client_ids="c", token_use="access"),
            "issuer.client_ids: 'c'; give an array of non-empty strings",
        ),
        (
            lambda: JwtVerifier.cognito(POOL_ID, client_ids=[], token_use="access"),
            "neither audiences nor client_ids is given",
        ),
        (
            lambda: JwtVerifier.cognito(POOL_ID, client_ids=["c"], token_use="refresh"),
            "issuer.token_use: 'refresh'; give access, id or null",
        ),
        (
            lambda: JwtVerifier.oidc("https://issuer.example"),
            "neither audiences nor client_ids is given; give one of them, or say",
        ),
        (
            lambda: JwtVerifier.oidc("http://issuer.example", audiences=["a"]),
            "issuer.issuer: 'http://issuer.example'; give an https URL",
        ),
        (
            lambda: JwtVerifier.oidc("https://issuer.example", audiences=["a"], audience="b"),
            "issuer.audience: unknown field; allowed are ",
        ),
        (
            lambda: JwtVerifier.oidc("https://issuer.example", audiences=["a"], jwks="{"),
            "give a JWK set, parsed or as JSON",
        ),
        (
            lambda: JwtVerifier.oidc("https://issuer.example", audiences=["a"], jwks={"keys": []}),
            "no usable key",
        ),
        (lambda: JwtVerifier([]), "issuers: none is given; name at least one"),
        (
            lambda: JwtVerifier([oidc_issuer("https://i.example", audiences=["a"])] * 2),
            "issuers: two have the same issuer string; give each issuer once",
        ),
        (
            lambda: JwtVerifier(
                [oidc_issuer("https://i.example", audiences=["a"])],
                static_keys={"https://i.example/": {"keys": []}},
            ),
            "static_keys['https://i.example/']: is not among the issuers; give the issuer string",
        ),
    ],
)
def test_a_wrong_setting_is_named_with_the_fix(make: Any, words: str) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        make()
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("pool_id", "host"),
    [
        ("us-east-1_A1", "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_A1"),
        ("us-gov-west-1_A1", "https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_A1"),
        ("cn-north-1_A1", "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_A1"),
        ("eusc-de-east-1_A1", "https://cognito-idp.eusc-de-east-1.amazonaws.eu/eusc-de-east-1_A1"),
    ],
)
def test_a_pool_is_found_by_its_id(pool_id: str, host: str) -> None:
    assert cognito_issuer(pool_id, client_ids=["c"], token_use="id").issuer == host


def test_every_name_of_the_face_is_there_and_no_other() -> None:
    assert dir(jwt_verifier) == sorted(jwt_verifier.__all__)
    for name in jwt_verifier.__all__:
        assert getattr(jwt_verifier, name)
    with pytest.raises(AttributeError, match="has no attribute 'Verifer'"):
        jwt_verifier.Verifer  # noqa: B018  # asking for it is the test


@pytest.mark.parametrize(
    ("program", "loads_cryptography"),
    [
        ("from jwt_verifier import TokenRejected", False),
        ("import jwt_verifier.strict_json", False),
        ("from jwt_verifier import JwtVerifier", True),
    ],
)
def test_a_name_loads_what_it_needs_and_no_more(program: str, *, loads_cryptography: bool) -> None:
    command = f"{program}; import sys; print('cryptography' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", command],
        env={"PYTHONPATH": str(SOURCES)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(loads_cryptography)
