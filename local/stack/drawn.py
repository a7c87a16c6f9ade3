"""What a start draws by itself: people's passwords, app clients' secrets, ports of its servers.

Kept as one seed, all of it is the same at the next start, so that what somebody has pasted or
configured goes on working.
"""

import base64
import contextlib
import hashlib
import hmac
import os
import secrets
import string
from pathlib import Path

from local.errors import StartFailed

_SEED_BYTES = 32
_PASSWORD_KINDS = (string.ascii_lowercase, string.ascii_uppercase, string.digits, "-_.+")
_PASSWORD_LENGTH = 20
_CLIENT_SECRET_LENGTH = 51
"""Of a Cognito client secret."""

_FIRST_PORT, _PORTS = 20_000, 10_000
"""Below the ports that systems give to programs by themselves."""


class Drawn:
    """Values by their names.

    Args:
        seed: What all of them are derived from; never shown.
        keeps_ports: Whether servers have ports of their own; else any that is free.
    """

    def __init__(self, seed: bytes, *, keeps_ports: bool) -> None:
        self._seed = seed
        self._keeps_ports = keeps_ports

    @classmethod
    def anew(cls) -> "Drawn":
        """Return values that no other start has."""
        return cls(secrets.token_bytes(_SEED_BYTES), keeps_ports=False)

    @classmethod
    def kept_in(cls, path: Path) -> "Drawn":
        """Return the values of a file, which is made if it is not there; only this user reads it.

        Raises:
            StartFailed: It can be neither read nor written, or holds something else.
        """
        try:
            if not path.exists():
                _make_seed(path)
            seed = path.read_bytes()
        except OSError as error:
            reason = error.strerror or str(error)
            raise StartFailed(f"{path} cannot be read or written ({reason})") from error
        if len(seed) != _SEED_BYTES:
            raise StartFailed(f"{path} does not hold {_SEED_BYTES} bytes: delete it")
        return cls(seed, keeps_ports=True)

    def password(self, username: str) -> str:
        """Return a password that has every kind of character a pool may ask for."""
        drawn = self._bytes(f"password {username}")
        everything = "".join(_PASSWORD_KINDS)
        alphabets = [*_PASSWORD_KINDS, *(everything,) * (_PASSWORD_LENGTH - len(_PASSWORD_KINDS))]
        return "".join(
            alphabet[byte % len(alphabet)]
            for alphabet, byte in zip(alphabets, drawn[:_PASSWORD_LENGTH], strict=True)
        )

    def client_secret(self, client_id: str) -> str:
        """Return the secret of an app client."""
        drawn = self._bytes(f"client {client_id}")
        return base64.urlsafe_b64encode(drawn).decode()[:_CLIENT_SECRET_LENGTH]

    def port(self, server: str) -> int:
        """Return the port that a server should have; 0 for any that is free."""
        if not self._keeps_ports:
            return 0
        return _FIRST_PORT + int.from_bytes(self._bytes(f"port {server}")[:8]) % _PORTS

    def _bytes(self, name: str) -> bytes:
        return hmac.digest(self._seed, name.encode(), hashlib.sha512)


def _make_seed(path: Path) -> None:
    """Make the file in one step: another start at the same time finds all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    draft.touch(0o600)
    try:
        draft.write_bytes(secrets.token_bytes(_SEED_BYTES))
        # Unlike a rename, a link never takes the place of what is there.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
