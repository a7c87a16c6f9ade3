"""What a start draws, and what is the same at the next one."""

import stat
import string
from pathlib import Path

import pytest

from local.errors import StartFailed
from local.stack.drawn import Drawn

KINDS = (string.ascii_lowercase, string.ascii_uppercase, string.digits, "-_.+")


def values(drawn: Drawn) -> tuple[str, str, int]:
    return drawn.password("admin"), drawn.client_secret("web"), drawn.port("cognito")


def test_what_is_kept_is_the_same_at_the_next_start_and_no_one_elses(tmp_path: Path) -> None:
    path = tmp_path / "new" / "seed"
    first = values(Drawn.kept_in(path))
    assert values(Drawn.kept_in(path)) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [item.name for item in path.parent.iterdir()] == ["seed"]
    other = values(Drawn.kept_in(tmp_path / "other"))
    assert not set(other) & set(first)


def test_each_name_has_a_value_of_its_own(tmp_path: Path) -> None:
    drawn = Drawn.kept_in(tmp_path / "seed")
    assert drawn.password("admin") != drawn.password("user")
    assert drawn.client_secret("web") != drawn.client_secret("machine")
    assert len({drawn.port(name) for name in ("cognito", "issuer", "services")}) > 1


def test_what_is_not_kept_is_new_each_time_and_takes_any_port() -> None:
    first, second = values(Drawn.anew()), values(Drawn.anew())
    assert first[0] != second[0]
    assert first[1] != second[1]
    assert (first[2], second[2]) == (0, 0)


def test_a_password_has_each_kind_of_character_and_a_secret_the_length_of_cognitos() -> None:
    for _ in range(100):
        password, secret, _ = values(Drawn.anew())
        assert len(password) == 20
        assert all(any(letter in kind for letter in password) for kind in KINDS)
        assert len(secret) == 51


def test_a_file_that_is_no_seed_is_refused_and_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "seed"
    path.write_text("short")
    with pytest.raises(StartFailed, match=r"seed does not hold 32 bytes: delete it$"):
        Drawn.kept_in(path)
    with pytest.raises(StartFailed, match=r"cannot be read or written \(Is a directory\)$"):
        Drawn.kept_in(tmp_path)
