from collections.abc import Callable
from typing import Any

import pytest

from jwt_verifier import claims as claim
from jwt_verifier import identity
from jwt_verifier.errors import (
    AudienceMismatch,
    BindingNotVerified,
    ClaimRejected,
    ClientMismatch,
    LifetimeExceeded,
    TokenExpired,
    TokenNotYetValid,
    TokenRejected,
    TokenUseMismatch,
    TypeNotAllowed,
    VerifierError,
)
from jwt_verifier.issuer import TrustedIssuer

NOW = 1_800_000_000
POOL = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc123"
UPDATED_POOL = POOL.replace("//cognito", "//issuer-cognito")
NOT_SCOPES: list[object] = [None, 12345, True, {}, {"a": 1}, ["a", 1], [["a"]], [None]]
NOT_GROUPS: list[object] = [
    None,
    7,
    False,
    "admins",
    "",
    {"admins": 1},
    ["admins", 1],
    [["admins"]],
]
NOT_NUMBERS: list[object] = [True, False, None, "1800000100", "1_800_000_100", [1], {}]


def partner(**asked: Any) -> TrustedIssuer:
    return TrustedIssuer("partner", "https://issuer.example", **asked)


def cognito(**asked: Any) -> TrustedIssuer:
    return TrustedIssuer("cognito", POOL, **asked)


class TestExpiry:
    @pytest.mark.parametrize("exp", [NOW + 1, NOW + 0.5, NOW - 59, NOW - 59.5, 10**307, 1e300])
    def test_a_token_is_good_until_exp_and_the_leeway_have_passed(self, exp: float) -> None:
        assert claim.expiry({"exp": exp}) == exp
        claim.check_not_expired(exp, NOW, 60)

    @pytest.mark.parametrize("exp", [NOW - 60, NOW - 60.5, 0, -1, -1e300])
    def test_then_it_is_expired(self, exp: float) -> None:
        with pytest.raises(TokenExpired):
            claim.check_not_expired(exp, NOW, 60)

    def test_a_token_without_exp_is_rejected(self) -> None:
        with pytest.raises(ClaimRejected, match="^exp is missing$"):
            claim.expiry({})

    @pytest.mark.parametrize("exp", NOT_NUMBERS, ids=repr)
    def test_exp_is_a_number_or_rejected(self, exp: object) -> None:
        with pytest.raises(ClaimRejected, match="^exp is not a number$"):
            claim.expiry({"exp": exp})


class TestBeginning:
    @pytest.mark.parametrize("name", ["nbf", "iat"])
    @pytest.mark.parametrize("date", [NOW, NOW + 60, 0, NOW - 0.5])
    def test_a_date_that_has_come_within_the_leeway_passes(self, name: str, date: float) -> None:
        claim.check_begun({name: date}, NOW, 60)

    @pytest.mark.parametrize("name", ["nbf", "iat"])
    @pytest.mark.parametrize("date", [NOW + 60.5, NOW + 61, 10**307])
    def test_a_later_one_does_not(self, name: str, date: float) -> None:
        with pytest.raises(TokenNotYetValid, match=f"^{name} is in the future$"):
            claim.check_begun({name: date}, NOW, 60)

    @pytest.mark.parametrize("name", ["nbf", "iat"])
    @pytest.mark.parametrize("date", NOT_NUMBERS, ids=repr)
    def test_a_date_is_a_number_or_rejected(self, name: str, date: object) -> None:
        with pytest.raises(ClaimRejected):
            claim.check_begun({name: date}, NOW, 60)

    def test_neither_is_required(self) -> None:
        claim.check_begun({}, NOW, 60)


class TestLifetime:
    def test_it_has_no_bound_unless_the_issuer_has_one(self) -> None:
        claim.check_lifetime({}, NOW, partner())

    def test_a_token_may_live_as_long_as_its_issuer_may_grant(self) -> None:
        claim.check_lifetime({"iat": NOW - 900}, NOW, partner(max_lifetime_seconds=900))

    def test_and_no_longer(self) -> None:
        with pytest.raises(LifetimeExceeded, match="^longer than 900 s$"):
            claim.check_lifetime({"iat": NOW - 901}, NOW, partner(max_lifetime_seconds=900))

    def test_a_bound_needs_iat(self) -> None:
        with pytest.raises(ClaimRejected, match="^iat is missing"):
            claim.check_lifetime({}, NOW, partner(max_lifetime_seconds=900))


class TestType:
    @pytest.mark.parametrize("typ", [None, "jwt", "at+jwt"])
    def test_any_type_of_jwt_passes_where_none_is_demanded(self, typ: str | None) -> None:
        claim.check_type(typ, partner())

    @pytest.mark.parametrize(
        ("typ", "demanded"), [("at+jwt", "at+jwt"), ("jwt", "JWT"), ("jws", "JWS")]
    )
    def test_the_demanded_type_passes(self, typ: str, demanded: str) -> None:
        claim.check_type(typ, partner(typ=demanded))

    @pytest.mark.parametrize("typ", [None, "jwt"])
    def test_another_or_none_does_not(self, typ: str | None) -> None:
        with pytest.raises(TypeNotAllowed):
            claim.check_type(typ, partner(typ="at+jwt"))

    def test_the_type_of_an_identity_pool_must_be_asked_for(self) -> None:
        with pytest.raises(TypeNotAllowed, match="^typ is JWS, which an issuer's configuration"):
            claim.check_type("jws", partner())


WHOLE: dict[str, Any] = {"client_id": "web", "iat": NOW, "jti": "j-1", "sub": "u-1"}


class TestAccessTokenProfile:
    def test_a_token_with_all_that_rfc_9068_requires_passes(self) -> None:
        claim.check_required(WHOLE, partner(typ="at+jwt"))

    @pytest.mark.parametrize("name", ["client_id", "iat", "jti", "sub"])
    @pytest.mark.parametrize("is_null", [True, False])
    def test_one_that_lacks_any_of_it_does_not(self, name: str, is_null: bool) -> None:
        claims = {**WHOLE, name: None}
        if not is_null:
            del claims[name]
        with pytest.raises(ClaimRejected, match=f"^{name} is missing, which RFC 9068 requires$"):
            claim.check_required(claims, partner(typ="at+jwt"))
        claim.check_required(claims, partner(typ="JWT"))


class TestTokenUse:
    @pytest.mark.parametrize("issuer", [partner(), cognito(), partner(token_use="id")])
    def test_a_token_says_its_use(self, issuer: TrustedIssuer) -> None:
        assert claim.token_use({"token_use": "id"}, "jwt", issuer) == "id"

    def test_the_type_of_an_access_token_says_it_too(self) -> None:
        assert claim.token_use({}, "at+jwt", partner(token_use="access")) == "access"
        assert claim.token_use({"token_use": "access"}, "at+jwt", partner()) == "access"

    def test_the_issuers_configuration_says_it_for_an_id_token_that_does_not(self) -> None:
        assert claim.token_use({}, None, partner(token_use="id")) == "id"
        assert claim.token_use({}, "jwt", partner(token_use="id")) == "id"

    def test_another_issuers_token_may_say_nothing(self) -> None:
        assert claim.token_use({}, None, partner()) is None

    @pytest.mark.parametrize("value", [None, "", "Access", "refresh", 1, ["access"], {}])
    def test_another_use_is_a_mismatch(self, value: object) -> None:
        with pytest.raises(TokenUseMismatch):
            claim.token_use({"token_use": value}, None, partner())

    @pytest.mark.parametrize(
        ("claims", "typ", "issuer"),
        [
            ({"token_use": "id"}, None, partner(token_use="access")),
            ({"token_use": "access"}, None, cognito(token_use="id")),
            ({}, None, partner(token_use="access")),
            ({}, "jwt", cognito()),
            ({}, "jwt", cognito(token_use="id")),
            ({"token_use": "access"}, "jwt", partner(token_use="id")),
            ({"token_use": "id"}, "at+jwt", partner()),
            ({}, "at+jwt", partner(token_use="id")),
        ],
    )
    def test_a_use_that_was_not_asked_for_is_a_mismatch(
        self, claims: dict[str, Any], typ: str | None, issuer: TrustedIssuer
    ) -> None:
        with pytest.raises(TokenUseMismatch):
            claim.token_use(claims, typ, issuer)


CLIENTS = frozenset({"web", "cli"})
AUDIENCES = frozenset({"api", "https://api.example"})


class TestAudience:
    @pytest.mark.parametrize(
        ("claims", "use", "issuer"),
        [
            ({"client_id": "web"}, "access", cognito(client_ids=CLIENTS)),
            ({"client_id": "web", "aud": "api"}, "access", cognito(client_ids=CLIENTS, audiences=AUDIENCES)),
            ({"aud": "api"}, "access", cognito(audiences=AUDIENCES)),
            ({"aud": "web"}, "id", cognito(client_ids=CLIENTS)),
            ({"aud": "api"}, "id", cognito(audiences=AUDIENCES)),
            ({"aud": ["api", "web"]}, "id", partner(audiences=AUDIENCES, client_ids=CLIENTS)),
            ({"aud": ["x", "api"]}, "access", partner(audiences=AUDIENCES)),
            ({"aud": ["x", "y"]}, "id", partner(accept_any_audience=True)),
            ({"aud": ["x", "api"]}, None, partner(audiences=AUDIENCES)),
            ({"aud": "api", "client_id": "web"}, "access", partner(audiences=AUDIENCES, client_ids=CLIENTS)),
            ({"client_id": "web"}, "access", partner(client_ids=CLIENTS)),
            ({"aud": "x", "client_id": "x"}, "access", partner(accept_any_audience=True)),
            ({}, None, partner(accept_any_audience=True)),
        ],
    )  # fmt: skip
    def test_a_token_for_us_passes(
        self, claims: dict[str, Any], use: str | None, issuer: TrustedIssuer
    ) -> None:
        claim.check_audience(claims, use, issuer)

    @pytest.mark.parametrize(
        ("claims", "use", "issuer"),
        [
            ({}, "id", cognito(client_ids=CLIENTS)),
            ({"aud": "other"}, "id", cognito(client_ids=CLIENTS)),
            ({"client_id": "web"}, "id", cognito(client_ids=CLIENTS)),
            ({"aud": ["web", "other"]}, "id", cognito(client_ids=CLIENTS)),
            ({"aud": ["other", "api"]}, "id", partner(audiences=AUDIENCES)),
            ({"aud": ["api", ""]}, "id", partner(audiences=AUDIENCES)),
            ({"client_id": "web"}, "access", cognito(audiences=AUDIENCES)),
            ({"client_id": "web", "aud": "other"}, "access", cognito(client_ids=CLIENTS, audiences=AUDIENCES)),
            ({"client_id": "web", "aud": "web"}, "access", cognito(client_ids=CLIENTS)),
            ({"client_id": "web", "aud": "web"}, "access", partner(client_ids=CLIENTS)),
            ({"client_id": "web"}, "access", partner(client_ids=CLIENTS, audiences=AUDIENCES)),
            ({"client_id": "web"}, "access", cognito(client_ids=CLIENTS, audiences=AUDIENCES)),
            ({"client_id": "web"}, None, cognito(client_ids=CLIENTS, audiences=AUDIENCES)),
            ({"aud": "API"}, None, partner(audiences=AUDIENCES)),
            ({"aud": "api "}, None, partner(audiences=AUDIENCES)),
            ({"aud": "ap"}, None, partner(audiences=AUDIENCES)),
            ({"aud": ["x", "y"]}, None, partner(audiences=AUDIENCES)),
            ({"aud": ""}, None, partner(audiences=AUDIENCES)),
            ({}, None, partner(audiences=AUDIENCES)),
        ],
    )  # fmt: skip
    def test_a_token_for_another_audience_is_rejected(
        self, claims: dict[str, Any], use: str | None, issuer: TrustedIssuer
    ) -> None:
        with pytest.raises(AudienceMismatch):
            claim.check_audience(claims, use, issuer)

    @pytest.mark.parametrize(
        ("claims", "use", "issuer"),
        [
            ({}, "access", cognito(client_ids=CLIENTS)),
            ({"client_id": "other"}, "access", cognito(client_ids=CLIENTS)),
            ({"client_id": "WEB"}, "access", cognito(client_ids=CLIENTS)),
            ({"aud": "web"}, "access", cognito(client_ids=CLIENTS)),
            ({"aud": "api"}, "access", partner(client_ids=CLIENTS, audiences=AUDIENCES)),
            ({"aud": "api", "client_id": "x"}, None, partner(client_ids=CLIENTS, audiences=AUDIENCES)),
        ],
    )  # fmt: skip
    def test_a_token_of_another_client_is_rejected(
        self, claims: dict[str, Any], use: str | None, issuer: TrustedIssuer
    ) -> None:
        with pytest.raises(ClientMismatch):
            claim.check_audience(claims, use, issuer)

    @pytest.mark.parametrize(
        "aud", [None, 1, True, [1], ["api", 1], [["api"]], {"api": 1}], ids=repr
    )
    @pytest.mark.parametrize(
        "issuer", [partner(audiences=AUDIENCES), partner(accept_any_audience=True)]
    )
    def test_an_audience_of_another_type_is_rejected(
        self, aud: object, issuer: TrustedIssuer
    ) -> None:
        with pytest.raises(ClaimRejected, match="^aud is neither"):
            claim.check_audience({"aud": aud}, None, issuer)

    @pytest.mark.parametrize("use", [None, "access", "id"])
    def test_an_empty_audience_is_none_of_ours(self, use: str | None) -> None:
        for issuer in (partner(audiences=AUDIENCES), cognito(client_ids=CLIENTS)):
            with pytest.raises(ClaimRejected, match="^aud is neither a string nor an array that"):
                claim.check_audience({"aud": [], "client_id": "web"}, use, issuer)

    def test_where_any_audience_will_do_so_does_an_empty_one(self) -> None:
        claim.check_audience({"aud": []}, None, partner(accept_any_audience=True))

    def test_where_any_audience_will_do_the_client_is_still_looked_at(self) -> None:
        issuer = partner(accept_any_audience=True, client_ids=frozenset({"web"}))
        claim.check_audience({"aud": "account", "client_id": "web"}, None, issuer)
        claim.check_audience({"client_id": "web"}, "access", issuer)
        for claims in ({"aud": "account"}, {"aud": "web", "client_id": "other"}):
            with pytest.raises(ClientMismatch):
                claim.check_audience(claims, None, issuer)
        with pytest.raises(AudienceMismatch):
            claim.check_audience({"aud": "account", "client_id": "web"}, "id", issuer)

    @pytest.mark.parametrize("azp", ["api", "web"])
    def test_the_authorised_party_of_an_id_token_is_ours(self, azp: str) -> None:
        issuer = partner(audiences=AUDIENCES, client_ids=frozenset({"web"}))
        claim.check_audience({"aud": "api", "azp": azp}, "id", issuer)

    def test_an_id_token_of_another_authorised_party_is_rejected(self) -> None:
        issuer = partner(audiences=AUDIENCES)
        with pytest.raises(ClientMismatch, match="^azp of an ID token is not accepted$"):
            claim.check_audience({"aud": "api", "azp": "other"}, "id", issuer)
        claim.check_audience({"aud": "api", "azp": "other"}, "access", issuer)

    @pytest.mark.parametrize("azp", [None, 1, ["api"]], ids=repr)
    def test_an_authorised_party_of_another_type_is_rejected(self, azp: object) -> None:
        with pytest.raises(ClaimRejected, match="^azp is not a string$"):
            claim.check_audience({"aud": "api", "azp": azp}, "id", partner(audiences=AUDIENCES))

    @pytest.mark.parametrize("client_id", [None, 1, ["web"], {}], ids=repr)
    def test_a_client_id_of_another_type_is_rejected(self, client_id: object) -> None:
        with pytest.raises(ClaimRejected, match="^client_id is not a string$"):
            claim.check_audience({"client_id": client_id}, "access", cognito(client_ids=CLIENTS))


class TestBinding:
    def test_a_token_without_a_confirmation_is_bound_to_nothing(self) -> None:
        claim.check_binding({}, partner())

    @pytest.mark.parametrize("cnf", [{"jkt": "x"}, {"x5t#S256": "x"}, {}], ids=repr)
    def test_a_bound_token_passes_only_where_the_issuers_configuration_says_so(
        self, cnf: object
    ) -> None:
        claim.check_binding({"cnf": cnf}, partner(accept_bound_tokens_as_bearer=True))
        with pytest.raises(BindingNotVerified, match="^cnf binds the token to a key"):
            claim.check_binding({"cnf": cnf}, partner())

    @pytest.mark.parametrize("cnf", [None, 1, "x", [{"jkt": "x"}]], ids=repr)
    @pytest.mark.parametrize("accepted", [True, False])
    def test_a_confirmation_of_another_type_is_rejected(self, cnf: object, accepted: bool) -> None:
        with pytest.raises(ClaimRejected, match="^cnf is not an object$"):
            claim.check_binding({"cnf": cnf}, partner(accept_bound_tokens_as_bearer=accepted))


class TestRequiredClaims:
    def test_they_must_be_there(self) -> None:
        claim.check_required({"sub": "x", "tenant": 0}, partner(required_claims=("sub", "tenant")))
        claim.check_required({}, partner())

    @pytest.mark.parametrize("claims", [{"sub": "x"}, {"sub": "x", "tenant": None}])
    def test_one_that_is_missing_or_null_is_rejected(self, claims: dict[str, Any]) -> None:
        with pytest.raises(ClaimRejected, match="^tenant is missing$"):
            claim.check_required(claims, partner(required_claims=("sub", "tenant")))


class TestScopes:
    @pytest.mark.parametrize(
        ("claims", "scopes"),
        [
            ({}, ()),
            ({"scope": ""}, ()),
            ({"scope": "a"}, ("a",)),
            ({"scope": " a  b "}, ("a", "b")),
            ({"scope": "a\tb\u00a0c\u2003d"}, ("a\tb\u00a0c\u2003d",)),
            ({"scp": "a b"}, ("a", "b")),
            ({"scp": ["a", "b c"]}, ("a", "b c")),
            ({"scopes": "a b"}, ("a", "b")),
            ({"scope": ["a", "b c"]}, ("a", "b c")),
            ({"scopes": ["a", "b c"]}, ("a", "b c")),
            ({"scope": []}, ()),
            ({"scope": "a", "scp": ["b"]}, ("a",)),
            ({"scope": ["a"], "scp": "b", "scopes": "c"}, ("a",)),
            ({"scp": ["b"], "scopes": "c"}, ("b",)),
            ({"scope": "", "scp": "b", "scopes": "c"}, ()),
            ({"scope": [], "scp": "b"}, ()),
        ],
    )
    def test_they_are_whole_values_split_on_the_space_alone(
        self, claims: dict[str, Any], scopes: tuple[str, ...]
    ) -> None:
        assert identity.scopes(claims, partner()) == scopes

    @pytest.mark.parametrize("value", NOT_SCOPES, ids=repr)
    @pytest.mark.parametrize("name", ["scope", "scp", "scopes"])
    def test_of_another_type_they_are_rejected(self, name: str, value: object) -> None:
        message = f"^{name} is neither a string nor an array of strings$"
        for others in ({}, {"scope": "a"}, {"scp": "a"}, {"scopes": "a"}):
            with pytest.raises(ClaimRejected, match=message):
                identity.scopes({**others, name: value}, partner())


class TestGroups:
    @pytest.mark.parametrize(
        ("claims", "groups"),
        [
            ({}, ()),
            ({"cognito:groups": ["a", "b"]}, ("a", "b")),
            ({"groups": ["a"]}, ()),
            ({"cognito:groups": ["a"], "groups": ["b"]}, ("a",)),
            ({"cognito:groups": [], "groups": ["b"]}, ()),
        ],
    )
    @pytest.mark.parametrize("issuer", [POOL, UPDATED_POOL])
    def test_those_of_a_user_pool_are_cognitos_alone(
        self, issuer: str, claims: dict[str, Any], groups: tuple[str, ...]
    ) -> None:
        assert identity.groups(claims, TrustedIssuer("pool", issuer)) == groups

    @pytest.mark.parametrize(
        ("claims", "groups"),
        [
            ({}, ()),
            ({"groups": ["a", "b"]}, ("a", "b")),
            ({"cognito:groups": ["a"]}, ()),
            ({"cognito:groups": ["a"], "groups": ["b"]}, ("b",)),
            ({"cognito:groups": ["a"], "groups": []}, ()),
        ],
    )
    def test_those_of_another_issuer_are_never_cognitos(
        self, claims: dict[str, Any], groups: tuple[str, ...]
    ) -> None:
        assert identity.groups(claims, partner()) == groups

    @pytest.mark.parametrize("value", NOT_GROUPS, ids=repr)
    def test_of_another_type_they_are_rejected(self, value: object) -> None:
        for name, issuer in (("cognito:groups", cognito()), ("groups", partner())):
            with pytest.raises(ClaimRejected, match=f"^{name} is not an array of strings$"):
                identity.groups({name: value}, issuer)

    @pytest.mark.parametrize("value", NOT_GROUPS, ids=repr)
    def test_a_claim_that_means_nothing_may_hold_anything(self, value: object) -> None:
        assert identity.groups({"groups": value}, cognito()) == ()
        assert identity.groups({"cognito:groups": value}, partner()) == ()


@pytest.mark.parametrize(
    ("check", "message"),
    [
        (lambda: claim.check_not_expired(0, NOW, 60), "exp has passed"),
        (
            lambda: claim.check_lifetime({}, NOW, partner(max_lifetime_seconds=900)),
            "iat is missing, and the issuer has a maximum lifetime",
        ),
        (lambda: claim.check_type("jwt", partner(typ="at+jwt")), "the issuer's tokens are at+jwt"),
        (
            lambda: claim.token_use({"token_use": "refresh"}, None, partner()),
            "token_use is neither access nor id",
        ),
        (
            lambda: claim.token_use({"token_use": "id"}, "at+jwt", partner()),
            "token_use contradicts typ",
        ),
        (lambda: claim.token_use({}, "jwt", cognito()), "token_use is missing"),
        (
            lambda: claim.token_use({}, None, partner(token_use="access")),
            "the issuer's tokens are for access",
        ),
        (lambda: claim.check_audience({}, None, partner(audiences=AUDIENCES)), "aud is missing"),
        (
            lambda: claim.check_audience({"aud": 1}, None, partner(audiences=AUDIENCES)),
            "aud is neither a string nor an array of strings",
        ),
        (
            lambda: claim.check_audience({"aud": "x"}, None, partner(audiences=AUDIENCES)),
            "aud does not contain an accepted audience",
        ),
        (
            lambda: claim.check_audience({"aud": ["api", "x"]}, "id", partner(audiences=AUDIENCES)),
            "aud of an ID token contains an audience that is not accepted",
        ),
        (
            lambda: claim.check_audience({}, "access", cognito(client_ids=CLIENTS)),
            "client_id is not accepted",
        ),
        (
            lambda: claim.check_binding({"cnf": {}}, partner()),
            "cnf binds the token to a key, and its possession is not verified",
        ),
    ],
)
def test_a_refusal_says_why(check: Callable[[], object], message: str) -> None:
    with pytest.raises(VerifierError) as refused:
        check()
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("check", "offending"),
    [
        (lambda: claim.expiry({"exp": "soon"}), "soon"),
        (lambda: claim.check_begun({"nbf": []}, NOW, 60), []),
        (lambda: claim.check_begun({"nbf": NOW + 61}, NOW, 60), NOW + 61),
        (
            lambda: claim.check_lifetime(
                {"iat": NOW}, NOW + 901, partner(max_lifetime_seconds=900)
            ),
            901,
        ),
        (lambda: claim.token_use({"token_use": "x"}, None, partner()), "x"),
        (lambda: claim.check_audience({"aud": []}, None, partner(audiences=AUDIENCES)), []),
        (lambda: claim.check_audience({"aud": 1}, None, partner(audiences=AUDIENCES)), 1),
        (lambda: claim.check_audience({"aud": "x"}, None, partner(audiences=AUDIENCES)), ("x",)),
        (
            lambda: claim.check_audience({"aud": ["api", "x"]}, "id", partner(audiences=AUDIENCES)),
            ("api", "x"),
        ),
        (
            lambda: claim.check_audience(
                {"aud": "api", "azp": "other"}, "id", partner(audiences=AUDIENCES)
            ),
            "other",
        ),
        (
            lambda: claim.check_audience(
                {"client_id": "other"}, "access", cognito(client_ids=CLIENTS)
            ),
            "other",
        ),
        (lambda: claim.check_binding({"cnf": "key"}, partner()), "key"),
    ],
)
def test_a_refusal_holds_the_offending_value(
    check: Callable[[], object], offending: object
) -> None:
    with pytest.raises(TokenRejected) as refused:
        check()
    assert refused.value.value == offending
