import json
from typing import Any

import jwt
import pytest

from jwt_verifier.errors import (
    AlgorithmNotAllowed,
    AudienceMismatch,
    BindingNotVerified,
    ClaimRejected,
    IssuerUnknown,
    KeysUnavailable,
    KeyUnknown,
    LifetimeExceeded,
    SignatureInvalid,
    TokenExpired,
    TokenMalformed,
    TokenNotYetValid,
    TokenRejected,
    TypeNotAllowed,
    VerifiedFacts,
)
from jwt_verifier.issuer import TrustedIssuer
from jwt_verifier.tokens import UnverifiedToken, VerifiedToken
from jwt_verifier.verifier import MAX_KNOWN_HEADERS, IssuerKeys, Verifier
from tests.issuer import Issuer
from tests.signing_key import SigningKey

from .conftest import NOW, Cache, Clock, PublishedKeys, Verify

GOOD: dict[str, Any] = {"aud": "api", "iat": NOW, "exp": NOW + 900}


def test_a_good_token_is_verified_with_all_that_it_says(issuer: Issuer, verify: Verify) -> None:
    token = issuer.mint(**GOOD, client_id="web", token_use="access", scope="a b", groups=["admins"])
    verified = verify(token)
    assert isinstance(verified, VerifiedToken)
    assert (verified.issuer, verified.issuer_name) == (issuer.url, "partner")
    assert (verified.subject, verified.client_id, verified.token_use) == (
        "someone",
        "web",
        "access",
    )
    assert (verified.scopes, verified.groups) == (("a", "b"), ("admins",))
    assert (verified.key_id, verified.expires_at) == (issuer.signing_key.kid, NOW + 900)
    assert verified.claims["aud"] == "api"


def test_a_verified_tokens_claims_cannot_be_changed(issuer: Issuer, verify: Verify) -> None:
    with pytest.raises(TypeError):
        verify(issuer.mint(**GOOD)).claims["aud"] = "other"


def test_a_token_need_not_name_a_subject(issuer: Issuer, verify: Verify) -> None:
    assert verify(issuer.mint(**GOOD, sub=None)).subject is None


@pytest.mark.parametrize("name", ["sub", "jti", "client_id"])
def test_a_name_of_another_type_is_rejected(name: str, issuer: Issuer, verify: Verify) -> None:
    claims = {"iss": issuer.url, **GOOD, name: 7}
    with pytest.raises(ClaimRejected, match=f"^{name} is not a string$"):
        verify(unchecked_jwt(issuer.signing_key, claims))


def unchecked_jwt(key: SigningKey, claims: dict[str, Any], **header: Any) -> str:
    """Sign what PyJWT's own checks of claims would refuse to sign."""
    return jwt.api_jws.encode(
        json.dumps(claims).encode(), key.private_key, algorithm=key.algorithm,
        headers={"kid": key.kid, **header},
    )  # fmt: skip


def test_a_token_for_another_audience_is_rejected(issuer: Issuer, verify: Verify) -> None:
    with pytest.raises(AudienceMismatch):
        verify(issuer.mint(**{**GOOD, "aud": "other"}))


def test_a_changed_payload_is_rejected(issuer: Issuer, verify: Verify) -> None:
    header, _payload, signature = issuer.mint(**GOOD).split(".")
    payload = issuer.mint(**GOOD, sub="someone else").split(".")[1]
    with pytest.raises(SignatureInvalid):
        verify(f"{header}.{payload}.{signature}")


def test_a_token_is_expired_once_the_leeway_has_passed(issuer: Issuer, verify: Verify) -> None:
    assert verify(issuer.mint(**{**GOOD, "exp": NOW - 59})).expires_at == NOW - 59
    with pytest.raises(TokenExpired):
        verify(issuer.mint(**{**GOOD, "exp": NOW - 60}))


def test_a_token_is_not_valid_before_its_time(issuer: Issuer, verify: Verify) -> None:
    with pytest.raises(TokenNotYetValid):
        verify(issuer.mint(**GOOD, nbf=NOW + 61))


def test_a_token_of_an_unknown_issuer_is_rejected(issuer: Issuer, verify: Verify) -> None:
    for iss in (issuer.url.upper(), "https://evil.example", None):
        with pytest.raises(IssuerUnknown, match="^iss is not a configured issuer$"):
            verify(issuer.mint(**GOOD, iss=iss))
    with pytest.raises(IssuerUnknown, match="issuer; it differs from partner's by a final slash"):
        verify(issuer.mint(**GOOD, iss=issuer.url + "/"))
    with pytest.raises(IssuerUnknown):
        verify(unchecked_jwt(issuer.signing_key, {**GOOD, "iss": [issuer.url]}))


def test_one_issuers_key_never_verifies_anothers_token(issuer: Issuer, pool: Issuer) -> None:
    """Storm-0558: a key of one issuer was taken for another's."""
    shared = SigningKey("RS256", pool.signing_key.private_key, issuer.signing_key.kid)
    trusted = [
        IssuerKeys(
            TrustedIssuer(one.url, one.url, frozenset({"api"})), Cache(PublishedKeys(one)).keys
        )
        for one in (issuer, pool)
    ]
    verifier = Verifier(trusted, leeway_seconds=0, wall_clock=Clock())
    with pytest.raises(SignatureInvalid):
        verifier.verify(UnverifiedToken(shared.sign({"iss": issuer.url, **GOOD})))


def test_the_issuers_other_restrictions_are_asked(issuer: Issuer, verify: Verify) -> None:
    with pytest.raises(TypeNotAllowed):
        verify(issuer.mint(**GOOD), typ="at+jwt")
    with pytest.raises(ClaimRejected, match="tenant"):
        verify(issuer.mint(**GOOD), required_claims=("tenant",))
    assert verify(issuer.mint(**GOOD), max_lifetime_seconds=900)
    with pytest.raises(LifetimeExceeded):
        verify(issuer.mint(**GOOD), max_lifetime_seconds=899)


def test_a_token_bound_to_a_key_passes_only_where_its_issuer_says_so(
    issuer: Issuer, verify: Verify
) -> None:
    bound = issuer.mint(**GOOD, cnf={"jkt": "x"})
    assert verify(bound, accept_bound_tokens_as_bearer=True).subject == "someone"
    with pytest.raises(BindingNotVerified):
        verify(bound)


def test_an_access_token_by_its_type_needs_no_claim_for_its_use(
    issuer: Issuer, verify: Verify
) -> None:
    claims = {"iss": issuer.url, **GOOD, "client_id": "web", "jti": "j-1", "sub": "u-1"}
    typed = issuer.signing_key.sign(claims, {"typ": "at+jwt"})
    assert verify(typed, typ="at+jwt", token_use="access").token_use == "access"
    lacking = issuer.signing_key.sign({**claims, "jti": None}, {"typ": "at+jwt"})
    with pytest.raises(ClaimRejected, match="^jti is missing, which RFC 9068 requires$"):
        verify(lacking, typ="at+jwt")
    assert verify(issuer.signing_key.sign({"iss": issuer.url, **GOOD}, {"typ": "at+jwt"}))


def test_an_id_token_is_matched_by_its_audience_alone(pool: Issuer, verify: Verify) -> None:
    clients = {"audiences": frozenset[str](), "client_ids": frozenset({"web"})}
    claims = {**GOOD, "aud": "web", "token_use": "id"}
    assert verify(pool.mint(**claims), **clients).token_use == "id"
    with pytest.raises(AudienceMismatch):
        verify(pool.mint(**{**claims, "aud": "other"}, client_id="web"), **clients)


def test_an_algorithm_of_no_issuer_is_refused(issuer: Issuer, verify: Verify) -> None:
    claims = {"iss": issuer.url, **GOOD}
    with pytest.raises(AlgorithmNotAllowed, match="^alg is not allowed for any issuer: ES256$"):
        verify(SigningKey.generate("ES256").sign(claims))


def hopeless(issuer: Issuer) -> dict[str, str]:
    token = issuer.mint(**GOOD)
    other = SigningKey.generate("ES256")
    claims = {"iss": issuer.url, **GOOD}
    return {
        "shape": token + ".x",
        "payload": token.replace(".", ".A", 1),
        "signature": token + "=",
        "algorithm": other.sign(claims),
        "issuer": issuer.mint(**GOOD, iss="https://evil.example"),
        "typ": issuer.signing_key.sign(claims, {"typ": "dpop+jwt"}),
        "expired": issuer.mint(**{**GOOD, "exp": NOW - 3600}),
        "no exp": issuer.mint(**{**GOOD, "exp": None}),
    }


def test_a_token_that_can_never_pass_costs_no_fetch(issuer: Issuer) -> None:
    for why, token in hopeless(issuer).items():
        cache = Cache(PublishedKeys(issuer))
        trusted = TrustedIssuer("partner", issuer.url, frozenset({"api"}))
        verifier = Verifier(
            [IssuerKeys(trusted, cache.keys)], leeway_seconds=60, wall_clock=Clock()
        )
        with pytest.raises(
            (
                TokenMalformed,
                AlgorithmNotAllowed,
                IssuerUnknown,
                TypeNotAllowed,
                TokenExpired,
                ClaimRejected,
            )
        ):
            verifier.verify(UnverifiedToken(token))
        assert cache.source.fetches == 0, why


def test_an_algorithm_of_another_issuer_is_no_algorithm_of_this_one(
    issuer: Issuer, pool: Issuer
) -> None:
    trusted = [
        IssuerKeys(
            TrustedIssuer("a", issuer.url, frozenset({"api"})), Cache(PublishedKeys(issuer)).keys
        ),
        IssuerKeys(
            TrustedIssuer("b", pool.url, frozenset({"api"}), algorithms=frozenset({"RS512"})),
            Cache(PublishedKeys(pool)).keys,
        ),
    ]
    verifier = Verifier(trusted, leeway_seconds=60, wall_clock=Clock())
    as_rs512 = SigningKey("RS512", issuer.signing_key.private_key, issuer.signing_key.kid)
    with pytest.raises(AlgorithmNotAllowed, match="^alg is not allowed for the issuer: RS512$"):
        verifier.verify(UnverifiedToken(as_rs512.sign({"iss": issuer.url, **GOOD})))


def test_an_unknown_kid_and_missing_keys_are_told_apart(issuer: Issuer) -> None:
    cache = Cache(PublishedKeys(issuer))
    trusted = TrustedIssuer("partner", issuer.url, frozenset({"api"}))
    verifier = Verifier([IssuerKeys(trusted, cache.keys)], leeway_seconds=60, wall_clock=Clock())
    token = UnverifiedToken(
        issuer.signing_key.sign({"iss": issuer.url, **GOOD}, {"kid": "unknown"})
    )
    cache.source.is_down = True
    with pytest.raises(KeysUnavailable):
        verifier.verify(token)
    cache.source.is_down = False
    cache.advance(30)
    with pytest.raises(KeyUnknown):
        verifier.verify(token)


def test_warming_up_fetches_each_issuers_keys_and_survives_one_that_is_down(
    issuer: Issuer, pool: Issuer
) -> None:
    caches = [Cache(PublishedKeys(issuer)), Cache(PublishedKeys(pool, is_down=True))]
    trusted = [
        IssuerKeys(TrustedIssuer(str(i), cache.source.issuer.url, frozenset({"api"})), cache.keys)
        for i, cache in enumerate(caches)
    ]
    verifier = Verifier(trusted, leeway_seconds=60, wall_clock=Clock())
    verifier.warm_up()
    assert [cache.source.fetches for cache in caches] == [1, 1]
    assert verifier.verify(UnverifiedToken(issuer.mint(**GOOD))).subject == "someone"
    assert caches[0].source.fetches == 1


class TestDormantForm:
    """A user pool has two issuers, and signs by one of them."""

    CALLED: Any = TrustedIssuer(
        "original",
        "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc123",
        frozenset({"api"}),
    )
    OTHER: Any = TrustedIssuer(
        "updated", "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc123", frozenset({"api"})
    )  # fmt: skip

    @staticmethod
    def verify(called: TrustedIssuer, source: PublishedKeys, *others: IssuerKeys) -> VerifiedToken:
        token = source.issuer.mint(**GOOD, iss=called.issuer)
        trusted = [IssuerKeys(called, Cache(source).keys), *others]
        verifier = Verifier(trusted, leeway_seconds=60, wall_clock=Clock())
        return verifier.verify(UnverifiedToken(token))

    def test_a_token_that_names_the_form_without_keys_is_a_strangers(self, issuer: Issuer) -> None:
        for called, other in ((self.CALLED, self.OTHER), (self.OTHER, self.CALLED)):
            active = IssuerKeys(other, Cache(PublishedKeys(issuer)).keys)
            with pytest.raises(
                KeyUnknown, match="^the user pool uses the other form of its issuer$"
            ):
                self.verify(called, PublishedKeys(issuer, nothing_there=True), active)

    def test_a_form_that_is_down_is_an_outage(self, issuer: Issuer) -> None:
        active = IssuerKeys(self.OTHER, Cache(PublishedKeys(issuer)).keys)
        with pytest.raises(KeysUnavailable):
            self.verify(self.CALLED, PublishedKeys(issuer, is_down=True), active)

    def test_a_form_that_is_the_only_one_accepted_is_not_dormant(self, issuer: Issuer) -> None:
        with pytest.raises(KeysUnavailable):
            self.verify(self.CALLED, PublishedKeys(issuer, nothing_there=True))

    def test_neither_form_is_dormant_while_neither_has_keys(self, issuer: Issuer) -> None:
        down = IssuerKeys(self.OTHER, Cache(PublishedKeys(issuer, is_down=True)).keys)
        with pytest.raises(KeysUnavailable):
            self.verify(self.CALLED, PublishedKeys(issuer, nothing_there=True), down)

    def test_an_issuer_of_one_form_is_never_dormant(self, issuer: Issuer, pool: Issuer) -> None:
        active = IssuerKeys(self.CALLED, Cache(PublishedKeys(pool)).keys)
        partner = TrustedIssuer("partner", issuer.url, frozenset({"api"}))
        with pytest.raises(KeysUnavailable):
            self.verify(partner, PublishedKeys(issuer, nothing_there=True), active)


class TestKnownHeaders:
    """The tokens of one key share one header, so it is read once."""

    @staticmethod
    def verifier(issuer: Issuer) -> Verifier:
        trusted = TrustedIssuer("partner", issuer.url, frozenset({"api"}))
        keys = Cache(PublishedKeys(issuer)).keys
        return Verifier([IssuerKeys(trusted, keys)], leeway_seconds=60, wall_clock=Clock())

    @staticmethod
    def token(issuer: Issuer, **header: Any) -> UnverifiedToken:
        claims = {"iss": issuer.url, **GOOD}
        return UnverifiedToken(unchecked_jwt(issuer.signing_key, claims, **header))

    def test_a_header_is_kept_only_once_a_signature_was_good_for_it(self, issuer: Issuer) -> None:
        verifier, token = self.verifier(issuer), self.token(issuer)
        header, payload, signature = token.split(".")
        forged = UnverifiedToken(f"{header}.{payload}.{signature[::-1][1:]}A")
        for known in ([], [header]):
            with pytest.raises(SignatureInvalid):
                verifier.verify(forged)
            assert list(verifier._known_headers) == known
            assert verifier.verify(token) == verifier.verify(token)

    def test_a_bounded_number_is_kept_and_every_good_token_passes(self, issuer: Issuer) -> None:
        verifier = self.verifier(issuer)
        for number in range(MAX_KNOWN_HEADERS + 2):
            assert verifier.verify(self.token(issuer, number=number)).subject is None
        assert len(verifier._known_headers) == 2


REFUSED_AFTER_THE_SIGNATURE: dict[str, tuple[dict[str, Any], dict[str, Any], object]] = {
    "audience_mismatch": ({"aud": ["other", "one"]}, {}, ("other", "one")),
    "client_mismatch": ({}, {"client_ids": frozenset({"mobile"})}, "web"),
    "token_not_yet_valid": ({"nbf": NOW + 3600}, {}, NOW + 3600),
    "claim_rejected": ({"scope": 7}, {}, 7),
    "token_use_mismatch": ({"token_use": "refresh"}, {}, "refresh"),
    "lifetime_exceeded": ({}, {"max_lifetime_seconds": 60}, 900),
}


@pytest.mark.parametrize("code", REFUSED_AFTER_THE_SIGNATURE)
def test_a_refusal_after_a_good_signature_says_whom_and_what_the_issuer_vouches_for(
    code: str, issuer: Issuer, verify: Verify
) -> None:
    claims, asked, offending = REFUSED_AFTER_THE_SIGNATURE[code]
    with pytest.raises(TokenRejected) as refusal:
        verify(issuer.mint(**{**GOOD, "client_id": "web", **claims}), **asked)
    assert refusal.value.code == code
    assert refusal.value.facts == VerifiedFacts(
        issuer.url, issuer.signing_key.kid, "someone", "web", offending
    )


def test_a_subject_or_client_of_another_type_is_no_fact(issuer: Issuer, verify: Verify) -> None:
    with pytest.raises(ClaimRejected) as refusal:
        verify(issuer.mint(**GOOD, sub=7, client_id=["web"]))
    kid = issuer.signing_key.kid
    assert refusal.value.facts == VerifiedFacts(issuer.url, kid, None, None, ["web"])


def test_of_a_forged_token_nothing_is_a_fact(issuer: Issuer, verify: Verify) -> None:
    forged = SigningKey("RS256", SigningKey.generate("RS256").private_key, issuer.signing_key.kid)
    claims = {"iss": issuer.url, **GOOD, "aud": "other", "sub": "mallory"}
    for token in (forged.sign(claims), forged.sign({**claims, "exp": "mallory"})):
        with pytest.raises(TokenRejected) as refusal:
            verify(token)
        assert refusal.value.facts is None
        assert "mallory" not in str(refusal.value)


def test_the_parts_of_a_token_stand_where_the_issuer_has_them(
    issuer: Issuer, verify: Verify
) -> None:
    claims = {"azp": "web", "perms": ["read"], "realm_access": {"roles": ["customer"]}}
    token = verify(
        issuer.mint(**GOOD, **claims, groups=["staff"]),
        scopes_claim=("perms",),
        roles_claim=("realm_access", "roles"),
        client_claim=("azp",),
    )
    assert (token.scopes, token.groups) == (("read",), ("staff",))
    assert (token.roles, token.client_id) == (("customer",), "web")


def replaced_key(issuer: Issuer) -> SigningKey:
    """New material under the kid of the issuer's only key."""
    old = issuer.signing_key
    new = SigningKey("RS256", SigningKey.generate("RS256").private_key, old.kid)
    issuer.keys[:] = [new]
    return new


def verifier_of(cache: Cache) -> Verifier:
    trusted = TrustedIssuer("partner", cache.source.issuer.url, frozenset({"api"}))
    return Verifier([IssuerKeys(trusted, cache.keys)], leeway_seconds=60, wall_clock=Clock())


def test_new_material_under_an_old_kid_works_once_the_cool_down_is_over(
    rotating_issuer: Issuer, cache: Cache
) -> None:
    verifier = verifier_of(cache)
    before = UnverifiedToken(rotating_issuer.mint(**GOOD))
    assert verifier.verify(before)
    replaced_key(rotating_issuer)
    after = UnverifiedToken(rotating_issuer.mint(**GOOD))
    cache.advance(29)
    with pytest.raises(SignatureInvalid):
        verifier.verify(after)
    cache.advance(1)
    assert verifier.verify(after)
    assert cache.source.fetches == 2
    with pytest.raises(SignatureInvalid):
        verifier.verify(before)


def test_another_kind_of_key_under_an_old_kid_is_found_too(rotating_issuer: Issuer) -> None:
    algorithms = frozenset({"RS256", "ES256"})
    cache = Cache(PublishedKeys(rotating_issuer, algorithms))
    trusted = TrustedIssuer(
        "partner", rotating_issuer.url, frozenset({"api"}), algorithms=algorithms
    )
    verifier = Verifier([IssuerKeys(trusted, cache.keys)], leeway_seconds=60, wall_clock=Clock())
    assert verifier.verify(UnverifiedToken(rotating_issuer.mint(**GOOD)))
    old, new = rotating_issuer.signing_key, SigningKey.generate("ES256")
    rotating_issuer.keys[:] = [SigningKey("ES256", new.private_key, old.kid)]
    cache.advance(31)
    assert verifier.verify(UnverifiedToken(rotating_issuer.mint(**GOOD)))


def test_bad_signatures_cost_one_fetch_a_cool_down_and_blame_the_token_in_an_outage_too(
    rotating_issuer: Issuer, cache: Cache
) -> None:
    verifier = verifier_of(cache)
    good = UnverifiedToken(rotating_issuer.mint(**GOOD))
    assert verifier.verify(good)
    forged = UnverifiedToken(good[:-8] + "AAAAAAAA")
    for is_down in (False, True):
        cache.source.is_down = is_down
        before = cache.source.fetches
        for _ in range(60):
            with pytest.raises(SignatureInvalid):
                verifier.verify(forged)
            assert verifier.verify(good)
            cache.advance(1)
        assert cache.source.fetches - before <= 2


def test_nobody_waits_for_a_fetch_that_a_bad_signature_has_begun(
    rotating_issuer: Issuer, cache: Cache
) -> None:
    verifier = verifier_of(cache)
    good = UnverifiedToken(rotating_issuer.mint(**GOOD))
    assert verifier.verify(good)
    forged = UnverifiedToken(good[:-8] + "AAAAAAAA")
    cache.advance(31)

    def another_forgery_meanwhile() -> None:
        with pytest.raises(SignatureInvalid):
            verifier.verify(forged)

    cache.source.on_fetch = another_forgery_meanwhile
    another_forgery_meanwhile()
    assert cache.source.fetches == 2
