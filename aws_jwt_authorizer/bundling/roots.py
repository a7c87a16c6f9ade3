"""The certificate authorities of a bundle -> a folder that OpenSSL looks one up in.

A function whose lock holds `certifi`, Mozilla's roots, gets each of them as a file named by the
hash of its subject (`openssl-rehash`), so that a connection reads the one that it needs. OpenSSL
makes the names; `jwt_verifier.trust` reads the folder. Imports no CDK.
"""

import re
import shutil
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Final

from OpenSSL.crypto import FILETYPE_PEM, load_certificate

ROOTS: Final = PurePosixPath("jwt_verifier", "roots")
"""The folder in a bundle: what `jwt_verifier.trust.BUNDLED_ROOTS` is there."""

_CERTIFICATE: Final = re.compile(
    rb"-----BEGIN CERTIFICATE-----\n.+?\n-----END CERTIFICATE-----\n", re.DOTALL
)


def put_roots(folder: Path) -> None:
    """Replace the package `certifi` of a bundle, if it is there, by the folder of its roots."""
    package = folder / "certifi"
    if not package.is_dir():
        return
    roots = folder / ROOTS
    roots.mkdir(parents=True)
    for name, certificate in hashed((package / "cacert.pem").read_bytes()).items():
        (roots / name).write_bytes(certificate)
    shutil.rmtree(package)


@cache
def hashed(certificates: bytes) -> Mapping[str, bytes]:
    """Map each certificate of a PEM file to the name by which OpenSSL finds its subject."""
    taken: Counter[int] = Counter()
    files = {}
    for certificate in _CERTIFICATE.findall(certificates):
        subject = load_certificate(FILETYPE_PEM, certificate).subject_name_hash()
        files[f"{subject:08x}.{taken[subject]}"] = certificate
        taken[subject] += 1
    return files
