"""One template, two gateways, the same requests -> each difference, and whether it is listed.

`make differential` runs it. It exits 1 if a difference is not in docs/differential.md, or if one
that stands there is seen no more.
"""

import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.timing import refuse_outlived_tokens
from local.gateway.gateway import Clocks, Gateway
from local.gateway.server import HttpServer
from local.loopback.listener import listen_on_loopback
from local.runtime.functions import Functions
from local.template.read import read_local_app
from tests.differential.cases import cases, resources
from tests.differential.compare import Difference, ask, differences
from tests.differential.listing import LISTING, listed_differences
from tests.differential.ministack import ServedApi, serve_by_ministack
from tests.e2e.gateway.backend import serve_backend
from tests.e2e.gateway.templates import write_assembly
from tests.issuer import TOKEN_SECONDS, serve_issuer
from tests.ministack import EmulatorFailed


@contextmanager
def serve_by_us(template: Mapping[str, Any]) -> Iterator[ServedApi]:
    """Serve a template's resources with the local gateway until the block ends."""
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        app = read_local_app(write_assembly(folder / "out", template))
        functions = Functions(lambda _label, _line: None)
        running.callback(functions.stop)
        functions.update(app.functions)
        gateway = Gateway(app.api, functions.invoke, lambda _exchange: None, Clocks())
        server = HttpServer(gateway.handle, listen_on_loopback(0))
        running.callback(server.stop)
        yield ServedApi(server.port, f"127.0.0.1:{server.port}")


def main() -> int:
    """Run the comparison, print what differs and return the exit status."""
    try:
        asked, found = _compare()
    except EmulatorFailed as error:
        sys.stderr.write(f"differential: {error}\n")
        return 1
    rows = listed_differences(LISTING.read_text(encoding="utf-8"))
    unlisted = [one for one in found if not any(row.covers(one) for row in rows)]
    unseen = [row for row in rows if not any(row.covers(one) for one in found)]
    for one in unlisted:
        _say(f"not listed  {one.case} | {one.field} | ours: {one.ours} | theirs: {one.theirs}")
    for row in unseen:
        _say(f"not seen    {', '.join(row.cases)} | {row.field}")
    _say(f"{asked} requests, {len(found)} differences, {len(unlisted)} of them not listed")
    return 1 if unlisted or unseen else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _compare() -> tuple[int, list[Difference]]:
    with serve_issuer() as issuer, serve_backend() as backend:
        template = resources(issuer, backend)
        with serve_by_us(template) as ours, serve_by_ministack(template) as theirs:
            minted_at = time.time()
            requests = cases(issuer)
            found = [
                one
                for case in requests
                for one in differences(case, ask(ours, case), ask(theirs, case))
            ]
            refuse_outlived_tokens(minted_at, TOKEN_SECONDS, time.time())
    return len(requests), found


if __name__ == "__main__":
    sys.exit(main())
