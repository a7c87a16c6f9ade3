"""The identity stack -> its alarms."""

from collections.abc import Iterator

from stacks.operations.alarm import AlarmSpec
from stacks.operations.metrics import of_log
from stacks.operations.watched import WatchedPool


def pool_alarms(watched: WatchedPool) -> Iterator[AlarmSpec]:
    """Return what rings for a user pool."""
    if watched.failed_mail:
        yield AlarmSpec(
            "mail-not-sent",
            "Somebody gets no invitation or code, because Cognito could not hand the mail over.",
            of_log(watched.failed_mail, "IncomingLogEvents"),
            threshold=1,
        )
