"""`python -m examples.machine_client.call_api URL`: one call of the API as a machine.

Takes TOKEN_URL, CLIENT_ID, CLIENT_SECRET and, if wanted, SCOPES from the environment.
"""

import os
import sys
import urllib.error
import urllib.request

from examples.machine_client.machine_tokens import MachineTokens
from examples.machine_client.token_endpoint import MachineClient, NoToken, opener_of


def main() -> int:
    """Call the URL and print the answer; 0 if it was let in."""
    if len(sys.argv) != len(("program", "url")):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    try:
        client = MachineClient(
            os.environ["TOKEN_URL"],
            os.environ["CLIENT_ID"],
            os.environ["CLIENT_SECRET"],
            tuple(os.environ.get("SCOPES", "").split()),
        )
        token = MachineTokens(client).get()
    except KeyError as missing:
        sys.stderr.write(f"{missing.args[0]}: missing; set it in the environment\n")
        return 2
    except (ValueError, NoToken) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    request = urllib.request.Request(  # noqa: S310  # the URL is this command's own argument
        sys.argv[1], headers={"authorization": f"Bearer {token}"}
    )
    try:
        with opener_of(sys.argv[1]).open(request, timeout=30) as response:
            sys.stdout.write(f"{response.status} {response.read().decode()}\n")
    except urllib.error.HTTPError as error:
        with error:
            sys.stdout.write(f"{error.code} {error.read().decode()}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
