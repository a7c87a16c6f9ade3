"""What CloudWatch masks in log groups: every token, and nothing that we log."""

import json
import re
from base64 import urlsafe_b64encode
from contextlib import suppress

import pytest
from joserfc import jwe
from joserfc.jwk import OctKey

from authorizer.audit import Audit
from authorizer.decision_line import DecisionLines
from authorizer.events import RequestOrigin
from authorizer.route import RouteKey
from jwt_verifier.errors import SignatureInvalid
from jwt_verifier.tokens import UnverifiedToken
from stacks.functions.access_log import FIELDS
from stacks.functions.log_group import COMPACT_JWT
from tests.signing_key import SigningKey

MOST_CHARACTERS = 200
ALPHABET = re.compile(r"[a-zA-Z0-9_#=@/;, ^$?\[\]{}|\\*+.-]+")
"""What a custom data identifier may be written in ("Custom data identifiers", CloudWatch Logs)."""

CLAIMS = {"iss": "https://login.example", "sub": "someone", "exp": 1_800_000_900}


def test_cloudwatch_takes_the_expression() -> None:
    assert len(COMPACT_JWT) <= MOST_CHARACTERS
    assert ALPHABET.fullmatch(COMPACT_JWT)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_a_signed_token_is_found_whole_wherever_it_stands(algorithm: str) -> None:
    token = SigningKey.generate(algorithm).sign(CLAIMS)
    for line in (token, f"Bearer {token}", json.dumps({"headers": {"authorization": token}})):
        found = re.search(COMPACT_JWT, line)
        assert found is not None
        assert found[0] == token


@pytest.mark.parametrize("management", ["dir", "A128KW"])
def test_an_encrypted_token_such_as_a_refresh_token_is_found(management: str) -> None:
    key = OctKey.import_key("k" * 16)
    header = {"alg": management, "enc": "A128GCM"}
    token = jwe.encrypt_compact(header, b"claims", key, algorithms=[management, "A128GCM"])
    assert re.search(COMPACT_JWT, f"refresh_token={token}")


@pytest.mark.parametrize("header", ['{ "alg": "RS256" }', '{\n"alg":"RS256"}', '{"alg":"none"}'])
def test_a_header_may_be_written_in_any_way(header: str) -> None:
    first, second = (urlsafe_b64encode(part.encode()).decode() for part in (header, str(CLAIMS)))
    assert re.search(COMPACT_JWT, f"{first.rstrip('=')}.{second.rstrip('=')}.{'s' * 86}")


def test_no_line_of_ours_is_taken_for_a_token() -> None:
    token = UnverifiedToken(SigningKey.generate("RS256").sign(CLAIMS))
    lines: list[str] = [json.dumps(FIELDS)]
    audit = Audit(DecisionLines("JwtAuthorizer", "authorizer", "prod"), lambda: 1.0, lines.append)
    origin = RequestOrigin(RouteKey("GET /tenants/{tenant}/orders"), "JKJaXmPLvHcESHA=")
    with audit.of(origin) as record:
        record.about(token)
        record.rejected(SignatureInvalid("the signature is not that of the key"))
    with suppress(ZeroDivisionError), audit.of(origin):
        raise ZeroDivisionError
    assert len(lines) == 3
    assert [line for line in lines if re.search(COMPACT_JWT, line)] == []
