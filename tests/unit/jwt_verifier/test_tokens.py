from pathlib import Path

from jwt_verifier.tokens import UnverifiedToken, fingerprint


def test_a_fingerprint_names_a_token_and_shows_none_of_it() -> None:
    name = fingerprint(UnverifiedToken("aaaa.bbbb.cccc"))
    assert len(name) == 16
    assert int(name, 16) >= 0
    assert name != fingerprint(UnverifiedToken("aaaa.bbbx.cccc"))


def test_two_signatures_of_one_token_have_one_fingerprint() -> None:
    assert fingerprint(UnverifiedToken("a.b.c")) == fingerprint(UnverifiedToken("a.b.d"))


def test_nothing_but_the_verifier_makes_a_verified_token() -> None:
    sources = Path(__file__).parents[3] / "lambda_src"
    makers = [path.name for path in sources.rglob("*.py") if "VerifiedToken(" in path.read_text()]
    assert makers == ["verifier.py"]
