"""Which certificate authorities a connection trusts.

A Lambda bundle may carry roots of its own in a folder that OpenSSL looks one up in when it needs
it (`openssl-verification-options`, -CApath), because reading the system's whole store takes longer
than a handshake. The system's store has the last word on a chain that they do not lead to. An
installation without that folder has the system's store alone.

Both verify alike: `ssl.create_default_context` decides how.
"""

import os
import ssl
from functools import cache
from typing import Final

BUNDLED_ROOTS: Final = os.path.join(os.path.dirname(__file__), "roots")  # noqa: PTH118, PTH120

_NOT_LED_TO_A_ROOT: Final = frozenset(
    {
        2,  # X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT
        10,  # X509_V_ERR_CERT_HAS_EXPIRED: it may be the bundle's root that has
        18,  # X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT
        19,  # X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN
        20,  # X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY
        21,  # X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE
    }
)
"""What another store of roots may well mend (`x509_vfy.h` of OpenSSL)."""


@cache
def first_store() -> ssl.SSLContext:
    """Return the bundle's roots; the system's store where there are none, or where it was chosen.

    OpenSSL's own variables, SSL_CERT_FILE and SSL_CERT_DIR, name a store that counts alone: who
    sets them may mean to trust fewer authorities.
    """
    paths = ssl.get_default_verify_paths()
    is_chosen = {paths.openssl_cafile_env, paths.openssl_capath_env} & os.environ.keys()
    if is_chosen or not os.path.isdir(BUNDLED_ROOTS):  # noqa: PTH112  # pathlib costs an import
        return system_store()
    return ssl.create_default_context(capath=BUNDLED_ROOTS)


@cache
def system_store() -> ssl.SSLContext:
    """Return what OpenSSL trusts on this machine."""
    return ssl.create_default_context()


def may_trust(error: ssl.SSLCertVerificationError) -> bool:
    """Return whether the system's store may trust what the first one did not."""
    return error.verify_code in _NOT_LED_TO_A_ROOT and first_store() is not system_store()
