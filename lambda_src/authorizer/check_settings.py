"""`python -m authorizer.check_settings`: would the function start with these settings?

Whoever deploys it asks before it is deployed. Reads one JSON object from standard input, with the
members `environment` (the function's variables) and `policy` (the text of its policy file).
"""

import json
import sys
from collections.abc import Mapping

from authorizer.policy import RoutePolicy
from authorizer.settings import Settings
from jwt_verifier.errors import SettingsInvalid


def refusal(environment: Mapping[str, str], policy: bytes) -> str | None:
    """Return what the function would refuse at its start, or None.

    Args:
        environment: its variables.
        policy: the bytes of its policy file.
    """
    try:
        Settings.from_env(environment)
        RoutePolicy.from_json(policy)
    except SettingsInvalid as invalid:
        return str(invalid)
    return None


def main() -> None:
    """Answer with one line on standard output: null, or the refusal as a JSON string."""
    given = json.load(sys.stdin)
    answer = refusal(given["environment"], given["policy"].encode("utf-8", "surrogatepass"))
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
