"""Certificate authorities for tests: roots, what they sign, and chains that a server sends."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

DAY: Final = dt.timedelta(days=1)
HERE: Final = "127.0.0.1"


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@dataclass(frozen=True)
class Authority:
    """A name and a key: whatever certificate there is of the two, it signs the same."""

    name: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=_key)

    def root(self, *, from_days: int = -2, to_days: int = 2) -> bytes:
        """Its certificate of itself, valid from and to so many days from now."""
        return self.certify(self, from_days=from_days, to_days=to_days)

    def certify(self, other: "Authority", *, from_days: int = -2, to_days: int = 2) -> bytes:
        """A certificate for another authority: an intermediate, or a root that is cross-signed."""
        builder = self._builder(other.name, other.key, from_days, to_days).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
        usage = x509.KeyUsage(
            digital_signature=False,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        return self._signed(builder.add_extension(usage, critical=True))

    def serve(
        self,
        path: Path,
        *between: bytes,
        host: str = HERE,
        names: Iterable[str] = (),
        from_days: int = -1,
        to_days: int = 1,
    ) -> Path:
        """Write what a server of this authority sends, and its key, into one file.

        Args:
            path: The file.
            between: Certificates that it sends after its own.
            host: The address that its certificate is for.
            names: Host names that it is for besides.
            from_days: When that begins to hold, in days from now.
            to_days: When it ends to.
        """
        key = _key()
        address = x509.SubjectAlternativeName(
            [x509.IPAddress(ip_address(host)), *map(x509.DNSName, names)]
        )
        builder = self._builder(host, key, from_days, to_days)
        own = self._signed(builder.add_extension(address, critical=False))
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(b"".join((own, *between, private)))
        return path

    def _builder(
        self, subject: str, key: ec.EllipticCurvePrivateKey, from_days: int, to_days: int
    ) -> x509.CertificateBuilder:
        now = dt.datetime.now(dt.UTC)
        own_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        subject_key = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        return (
            x509.CertificateBuilder()
            .subject_name(_name(subject))
            .issuer_name(_name(self.name))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + from_days * DAY)
            .not_valid_after(now + to_days * DAY)
            .add_extension(own_key, critical=False)
            .add_extension(subject_key, critical=False)
        )

    def _signed(self, builder: x509.CertificateBuilder) -> bytes:
        return builder.sign(self.key, SHA256()).public_bytes(Encoding.PEM)
