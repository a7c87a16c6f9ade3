"""Tokens -> how long ours takes: a good one of each algorithm, and the worst hostile ones.

`make bench ONLY=own-tokens` prints it; look at the ratios.
"""

import json
import time
from contextlib import suppress
from typing import Final

import jwt

from benchmarks.our_verifier import as_peer, our_verifier
from benchmarks.timing import cpu_seconds, refuse_outlived_tokens, seconds_each
from jwt_verifier.errors import VerifierError
from tests.attacks.case import Case
from tests.attacks.corpus.everything import HOSTILE
from tests.attacks.forge import AUDIENCE, ISSUER, LEEWAY_SECONDS, LIFETIME_SECONDS, Mint
from tests.attacks.keyring import keyring
from tests.attacks.target import PLAIN_ISSUER

WORST: Final = 5


def good_tokens(mint: Mint) -> None:
    """Print the time of a good token, ours and PyJWT's, for each algorithm."""
    document = mint.jwks_text()
    ours = as_peer(our_verifier(json.dumps([PLAIN_ISSUER]), document.encode(), LEEWAY_SECONDS))
    keys = {jwk["kid"]: jwt.PyJWK.from_dict(jwk) for jwk in json.loads(document)["keys"]}

    def theirs(token: str) -> None:
        jwt.decode(
            token,
            keys[jwt.get_unverified_header(token)["kid"]],
            algorithms=list(PLAIN_ISSUER["algorithms"]),
            audience=AUDIENCE,
            issuer=ISSUER,
            leeway=LEEWAY_SECONDS,
        )

    for algorithm, key in mint.keys.issuer.items():
        token = mint.token(key=key)
        seconds = seconds_each(ours, token)
        ratio = seconds_each(theirs, token) / seconds
        print(f"{algorithm:6}  ours {seconds * 1e6:5.0f} us   PyJWT {ratio:4.1f} x ours")


def hostile_tokens(mint: Mint) -> None:
    """Print the hostile tokens that take the most CPU, as multiples of a good one."""
    document = mint.jwks_text().encode()
    verify = as_peer(our_verifier(json.dumps([PLAIN_ISSUER]), document, LEEWAY_SECONDS))
    token = mint.token()
    good = cpu_seconds(lambda: verify(token))

    def spent(case: Case) -> float:
        def judge() -> None:
            with suppress(VerifierError):
                verify(case.token)

        return cpu_seconds(judge)

    cases = [case for corpus in HOSTILE.values() for case in corpus(mint) if case.jwks is None]
    worst = sorted(((spent(case), case.label) for case in cases), reverse=True)[:WORST]
    print(f"{len(cases)} hostile tokens; the dearest, as multiples of a good RS256 token:")
    for seconds, label in worst:
        print(f"  {seconds * 1000:6.2f} ms CPU, {seconds / good:4.1f} x  {label[:70]}")


def main() -> None:
    """Print both."""
    mint = Mint(int(time.time()), keyring())
    good_tokens(mint)
    hostile_tokens(mint)
    refuse_outlived_tokens(mint.now, LIFETIME_SECONDS, time.time())


if __name__ == "__main__":
    main()
