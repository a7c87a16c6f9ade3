"""Stage and table -> the routes that whoever calls the API past CloudFront reaches all the same.

Only the Lambda authorizer looks at the header that CloudFront adds. Imports no CDK.
"""

from collections.abc import Iterator

from aws_jwt_authorizer.access.rules import AccessTable
from stacks.stage.config import StageConfig


def origin_header_gaps(config: StageConfig, access: AccessTable) -> Iterator[str]:
    """Each kind of route that is open to such a call, one line each, with the way out.

    Args:
        config: The stage.
        access: The table of that stage.
    """
    if not config.origin_header_sha256:
        return
    for kind, why in (
        ("public", "nobody decides about it"),
        ("jwt", "the built-in authorizer looks at no header but Authorization"),
    ):
        keys = [route.key for route in access.routes if route.authorizer == kind]
        if keys:
            yield (
                f"origin_header_sha256 does not keep callers from a {kind} route, for {why}: "
                f"{', '.join(keys)}; use authorizer='lambda' where it matters (docs/cloudfront.md)"
            )
