"""What `python -m app` does: synthesise, or print the routes that a stage's table declares.

Bad input is answered with one line and exit status 1.
"""

import sys
from collections.abc import Sequence

from aws_jwt_authorizer.access.table_checks import AccessInvalid
from aws_jwt_authorizer.bundling.bundle import BundleFailed
from aws_jwt_authorizer.needs.declared_needs import NeedsInvalid
from stacks.app_sources import AppSources
from stacks.browser.web_page import PageBuildFailed
from stacks.declared_routes import print_routes
from stacks.stage.config_fields import ConfigInvalid


def run(sources: AppSources, arguments: Sequence[str]) -> None:
    """Do what the arguments ask for, or end the process with one line that says why not.

    Args:
        sources: What the app is made from.
        arguments: None to synthesise, as CDK's command line asks for; `routes STAGE` prints what
            the table declares for a stage, without CDK.
    """
    try:
        match arguments:
            case []:
                # CDK takes seconds to import, and only this and its own errors need it.
                from stacks.assembly import synthesise  # noqa: PLC0415

                synthesise(sources)
            case ["routes", stage]:
                print_routes(sources, stage)
            case _:
                sys.exit("usage: python -m app [routes STAGE]")
    except (ConfigInvalid, AccessInvalid, NeedsInvalid, BundleFailed, PageBuildFailed) as error:
        sys.exit(str(error))
    except RuntimeError as error:
        from aws_jwt_authorizer.constructs.violations import refusal_in_words  # noqa: PLC0415

        refusal = refusal_in_words(error)
        if refusal is None:
            raise
        sys.exit(refusal)
