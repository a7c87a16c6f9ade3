"""Hostile tokens for somebody else, of another kind, or from a look-alike (rows I1 to I6)."""

import json
from collections.abc import Iterator

from tests.attacks.case import Case
from tests.attacks.forge import ABSENT, AUDIENCE, ISSUER, Mint

OTHER = "https://other.example"

LOOK_ALIKES = (
    f"{ISSUER}/",
    ISSUER.upper(),
    ISSUER.replace("https", "HTTPS"),
    ISSUER.replace("issuer", "Issuer"),
    ISSUER.replace("https", "http"),
    f"{ISSUER}:443",
    f"{ISSUER}.attacker.example",
    f"https://attacker.example/{ISSUER}",
    f"https://user@{ISSUER.removeprefix('https://')}",
    f"{ISSUER}?a=1",
    f"{ISSUER}#a",
    f"{ISSUER}//",
    f"{ISSUER}/.",
    f"{ISSUER} ",
    f" {ISSUER}",
    f"{ISSUER}\u0000",
    f"{ISSUER}\n",
    ISSUER[:-1],
    ISSUER.replace("i", "\u0456"),
    ISSUER.replace("e", "\uff45", 1),
    ISSUER.replace("s", "%73", 1),
    ISSUER.removeprefix("https://"),
    "https://xn--issuer.example",
    "https",
    "",
)

NO_USES: tuple[object, ...] = (
    *("id", "refresh", "ACCESS", "access ", "Access", ""),
    *(None, 1, True, ["access"], {}),
)


def hostile(mint: Mint) -> Iterator[Case]:
    """Yield rightly signed tokens that are not ours to take."""
    yield from _issuers(mint)
    yield from _audiences(mint)
    yield from _clients(mint)
    yield from _uses(mint)
    yield from _types(mint)
    yield from _bound(mint)
    yield from _lists(mint)
    yield from _texts(mint)


def _with(mint: Mint, **claims: object) -> str:
    return mint.token(claims=mint.claims(**claims))


def _issuers(mint: Mint) -> Iterator[Case]:
    for issuer in LOOK_ALIKES:
        yield Case("I1", f"iss {issuer!a}", _with(mint, iss=issuer), "issuer_unknown")
    for value in (ABSENT, None, 1, True, [ISSUER], [OTHER, ISSUER], {ISSUER: 1}, {"iss": ISSUER}):
        name = "missing" if value is ABSENT else json.dumps(value)
        yield Case("I1", f"iss {name}", _with(mint, iss=value), "issuer_unknown")


def _audiences(mint: Mint) -> Iterator[Case]:
    for audience in (
        ABSENT,
        OTHER,
        "",
        AUDIENCE[:-1],
        f"{AUDIENCE}/",
        f"{AUDIENCE}.attacker.example",
        AUDIENCE.upper(),
        f" {AUDIENCE}",
        f"{AUDIENCE} {OTHER}",
        f"{AUDIENCE},{OTHER}",
        "*",
        json.dumps([AUDIENCE]),
        [OTHER],
        [AUDIENCE[:-1]],
        list(AUDIENCE),
        ["*"],
    ):
        name = "missing" if audience is ABSENT else json.dumps(audience)[:60]
        yield Case("I2", f"aud {name}", _with(mint, aud=audience), "audience_mismatch")
    for audience in (
        None,
        1,
        True,
        [],
        {},
        {AUDIENCE: True},
        {"aud": AUDIENCE},
        [[AUDIENCE]],
        [None, AUDIENCE],
        [AUDIENCE, 1],
        [{"aud": AUDIENCE}],
        [True],
    ):
        name = json.dumps(audience)[:60]
        yield Case("I2", f"aud {name}", _with(mint, aud=audience), "claim_rejected")


def _clients(mint: Mint) -> Iterator[Case]:
    exchanged: dict[str, dict[str, object]] = {
        "our audience as client_id": {"aud": OTHER, "client_id": AUDIENCE},
        "our audience as client_id, no aud": {"aud": ABSENT, "client_id": AUDIENCE},
        "our audience as azp": {"aud": OTHER, "azp": AUDIENCE},
        "our audience as resource": {"aud": OTHER, "resource": AUDIENCE},
        "our audience as sub": {"aud": OTHER, "sub": AUDIENCE},
    }
    for name, claims in exchanged.items():
        yield Case("I3", name, _with(mint, **claims), "audience_mismatch")


def _uses(mint: Mint) -> Iterator[Case]:
    for use in NO_USES:
        token = _with(mint, token_use=use)
        yield Case("I4", f"token_use {json.dumps(use)}", token, "token_use_mismatch")
    id_token = _with(mint, token_use=ABSENT, nonce="n", at_hash="h", client_id=ABSENT)
    yield Case("I4", "an OIDC ID token", id_token, "token_use_mismatch")


def _types(mint: Mint) -> Iterator[Case]:
    for typ in (
        "dpop+jwt",
        "logout+jwt",
        "secevent+jwt",
        "kb+jwt",
        "vc+sd-jwt",
        "token-introspection+jwt",
        "oauth-authz-req+jwt",
        "client-authentication+jwt",
        "application/dpop+jwt",
        "JOSE",
        "JWE",
        "at+jwt ",
        "at-jwt",
        "text/jwt",
        "\uff2a\uff37\uff34",
        "JWT\u0000",
        "",
        None,
        1,
        True,
        ["JWT"],
        {"JWT": 1},
    ):
        token = mint.token(mint.header(typ=typ))
        yield Case("I5", f"typ {json.dumps(typ)}", token, "type_not_allowed")


def _bound(mint: Mint) -> Iterator[Case]:
    thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
    for method in ("jkt", "x5t#S256", "jwk", "jwe", "kid", "jku", "unheard-of"):
        token = _with(mint, cnf={method: thumbprint})
        yield Case("I5", f"bound by {method}", token, "binding_not_verified", our_rule=True)
    empty = _with(mint, cnf={})
    yield Case("I5", "bound by nothing", empty, "binding_not_verified", our_rule=True)
    for value in (None, 1, True, "x", [], [{"jkt": thumbprint}]):
        token = _with(mint, cnf=value)
        yield Case("I5", f"cnf {json.dumps(value)}", token, "claim_rejected", our_rule=True)


def _lists(mint: Mint) -> Iterator[Case]:
    no_scopes: tuple[object, ...] = (None, 12345, True, {}, [1], [["read"]])
    for member in ("scope", "scp", "scopes"):
        for value in no_scopes:
            token = _with(mint, **{member: value})
            yield Case(
                "P2", f"{member} {json.dumps(value)}", token, "claim_rejected", our_rule=True
            )
    for value in (None, 1, True, "admins", {"admins": 1}, [["admins"]], ["admins", 1]):
        token = _with(mint, groups=value)
        yield Case("P3", f"groups {json.dumps(value)}", token, "claim_rejected", our_rule=True)


def _texts(mint: Mint) -> Iterator[Case]:
    for member in ("sub", "jti"):
        for value in (None, 1, True, [], ["someone"], {"sub": "someone"}):
            token = _with(mint, **{member: value})
            yield Case("I6", f"{member} {json.dumps(value)}", token, "claim_rejected")
