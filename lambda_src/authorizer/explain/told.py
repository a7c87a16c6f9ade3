"""A step of a verification -> its row: what was expected, and what was found."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from authorizer.explain.shown import at_time, duration, listed, shown
from authorizer.explain.watched import Taken
from jwt_verifier import compact
from jwt_verifier.claim_path import written
from jwt_verifier.errors import TokenRejected, VerifierError
from jwt_verifier.identity import CLIENT_CLAIM, claimed_client
from jwt_verifier.issuer import ACCESS_TOKEN_TYPE, TrustedIssuer

Given = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One check.

    Attributes:
        check: Its name for a person.
        expected: What it asks.
        found: What there was.
        reason: The code that it refuses with, "" if it passes.
        detail: The log's word on it.
    """

    check: str
    expected: str
    found: str
    reason: str = ""
    detail: str = ""


def rows(taken: Mapping[str, Taken]) -> Iterator[Row]:
    """Yield a row for each step that was taken, in that order."""
    for name, step in taken.items():
        if name == "expiry" and step.fault is None:
            continue  # `check_not_expired` tells of it
        check, expected, found = TOLD[name](step.given, step)
        yield Row(check, expected, found, *_refusal(step.fault))


def _refusal(fault: VerifierError | None) -> tuple[str, str]:
    return ("", "") if fault is None else (fault.code, str(fault))


def _form(given: Given, _step: Taken) -> tuple[str, str, str]:
    token = given[0]
    found = f"{token.count('.') + 1} segments, {len(token)} characters"
    return "form", "3 segments of base64url, at most 10240 characters", found


def _header(given: Given, _step: Taken) -> tuple[str, str, str]:
    expected = "a JSON object with alg and kid; typ JWT, at+jwt or JWS; no crit, b64, zip, enc"
    try:
        header = compact.decode_object(given[0])
    except TokenRejected:
        return "header", expected, "cannot be read"
    return "header", expected, listed(f"{name} {shown(value)}" for name, value in header.items())


def _algorithm(given: Given, _step: Taken) -> tuple[str, str, str]:
    algorithm, allowed, _whose = given
    return "algorithm", f"one of {listed(sorted(allowed))}", shown(algorithm)


def _claims(_given: Given, step: Taken) -> tuple[str, str, str]:
    found = listed(step.result) if isinstance(step.result, dict) else "cannot be read"
    return "claims", "a JSON object, in which no name is twice", found


def _issuer(given: Given, _step: Taken) -> tuple[str, str, str]:
    claims, issuers = given
    return "issuer", f"iss: {listed(issuers)}", _claim(claims, "iss")


def _type(given: Given, _step: Taken) -> tuple[str, str, str]:
    typ, issuer = given
    return "type", f"typ {issuer.typ}" if issuer.typ else "typ JWT, at+jwt or none", shown(typ)


def _expiry(given: Given, _step: Taken) -> tuple[str, str, str]:
    return "expiry", "exp, a number", _claim(given[0], "exp")


def _not_expired(given: Given, _step: Taken) -> tuple[str, str, str]:
    expires_at, now, leeway = given
    return "expiry", f"exp in the future, or at most {leeway:.0f} s ago", at_time(expires_at, now)


def _signature_form(_given: Given, step: Taken) -> tuple[str, str, str]:
    found = f"{len(step.result)} bytes" if isinstance(step.result, bytes) else "cannot be read"
    return "signature's form", "canonical base64url", found


def _key(given: Given, step: Taken) -> tuple[str, str, str]:
    trusted, kid, _issuers = given
    found = f"kid {shown(kid)}"
    if step.result is not None:
        found += ", published"
    elif isinstance(step.fault, TokenRejected):
        found += ", not published"
    else:
        found += "; the issuer's keys cannot be had"
    return "key", f"a key that {trusted.issuer.name} publishes", found


def _signature(given: Given, step: Taken) -> tuple[str, str, str]:
    found = "it is" if step.fault is None else "it is not"
    return "signature", f"made with that key by {given[2]}", found


def _begun(given: Given, _step: Taken) -> tuple[str, str, str]:
    claims, now, leeway = given
    dates = [f"{name} {at_time(claims[name], now)}" for name in ("nbf", "iat") if name in claims]
    expected = f"nbf and iat not more than {leeway:.0f} s in the future"
    return "begun", expected, "; ".join(dates) or "neither"


def _lifetime(given: Given, _step: Taken) -> tuple[str, str, str]:
    claims, expires_at, issuer = given
    issued_at = claims.get("iat")
    is_date = type(issued_at) in (int, float)
    found = duration(expires_at - issued_at) if is_date else "no iat"
    most = issuer.max_lifetime_seconds
    return "lifetime", "any" if most is None else f"exp - iat at most {duration(most)}", found


def _use(given: Given, _step: Taken) -> tuple[str, str, str]:
    claims, typ, issuer = given
    found = _claim(claims, "token_use")
    if typ == ACCESS_TOKEN_TYPE:
        found += f", typ {typ}"
    expected = f"token_use {issuer.token_use}" if issuer.token_use else "token_use access or id"
    if not issuer.is_cognito:
        expected += ", or no word of it"
    return "use", expected, found


def _audience(given: Given, _step: Taken) -> tuple[str, str, str]:
    claims, _use, issuer = given
    client = claimed_client(claims, issuer)
    name = written(issuer.client_claim or CLIENT_CLAIM)
    told = [f"aud {shown(claims[each])}" for each in ("aud",) if each in claims]
    told += [f"{name} {shown(client)}"] if isinstance(client, str) else []
    return "audience, client", _accepted(issuer, name), "; ".join(told) or "neither"


def _accepted(issuer: TrustedIssuer, client: str) -> str:
    told = [f"aud one of {listed(sorted(issuer.audiences))}"] if issuer.audiences else []
    if issuer.accept_any_audience:
        told = ["any aud"]
    if issuer.client_ids:
        told.append(f"{client} one of {listed(sorted(issuer.client_ids))}")
    return "; ".join(told)


def _binding(given: Given, _step: Taken) -> tuple[str, str, str]:
    claims, issuer = given
    accepted = issuer.accept_bound_tokens_as_bearer
    return "binding", "cnf, not checked" if accepted else "no cnf", _claim(claims, "cnf")


def _required(given: Given, step: Taken) -> tuple[str, str, str]:
    issuer = given[1]
    of_type = f"what RFC 9068 requires of {issuer.typ}" if issuer.typ == ACCESS_TOKEN_TYPE else ""
    expected = listed([*issuer.required_claims, *filter(None, (of_type,))])
    return "required claims", expected, "all there" if step.fault is None else str(step.fault)


def _identity(given: Given, step: Taken) -> tuple[str, str, str]:
    claims = given[1]
    expected = "jti, sub and client strings; scopes, groups and roles lists of strings"
    token: Any = step.result
    if token is None:
        return "identity", expected, listed(f"{name} {shown(claims[name])}" for name in claims)
    told = (f"sub {shown(token.subject)}", f"client {shown(token.client_id)}")
    held = (f"scopes {listed(token.scopes)}", f"groups {listed(token.groups)}")
    return "identity", expected, "; ".join((*told, *held))


def _claim(claims: Mapping[str, object], name: str) -> str:
    return f"{name} {shown(claims[name])}" if name in claims else f"no {name}"


TOLD: Final[Mapping[str, Callable[[Given, Taken], tuple[str, str, str]]]] = {
    "split": _form,
    "parse_header": _header,
    "check_algorithm": _algorithm,
    "parse_claims": _claims,
    "find_issuer": _issuer,
    "check_type": _type,
    "expiry": _expiry,
    "check_not_expired": _not_expired,
    "decode_signature": _signature_form,
    "find_key": _key,
    "check_signature": _signature,
    "check_begun": _begun,
    "check_lifetime": _lifetime,
    "token_use": _use,
    "check_audience": _audience,
    "check_binding": _binding,
    "check_required": _required,
    "identify": _identity,
}
"""Each step of `jwt_verifier.verifier.Steps`; the order is the verifier's."""
