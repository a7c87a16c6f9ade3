"""All hostile and all legal tokens, by class: one set for our tests and for every peer."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from tests.attacks.case import Case
from tests.attacks.corpus import (
    algorithms,
    encodings,
    identities,
    json_tricks,
    key_selection,
    key_sets,
    legal_forms,
    rsa_blocks,
    signatures,
    times,
)
from tests.attacks.forge import Mint

HOSTILE: Final[Mapping[str, Callable[[Mint], Iterator[Case]]]] = {
    "algorithm": algorithms.hostile,
    "key selection": key_selection.hostile,
    "key set": key_sets.hostile,
    "signature": signatures.hostile,
    "RSA block": rsa_blocks.hostile,
    "encoding": encodings.hostile,
    "JSON": json_tricks.hostile,
    "time": times.hostile,
    "identity": identities.hostile,
}

LEGAL: Final = legal_forms.legal
